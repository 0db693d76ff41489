using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Search;

namespace Outerloop.Cli.Commands.Bench;

/// <summary>How the search fared on tasks of one kind.</summary>
/// <param name="Tasks">The kind.</param>
/// <param name="Count">How many were tried.</param>
/// <param name="Solved">How many were solved in the time given.</param>
/// <param name="Median">Seconds of processor time, unsolved tasks included.</param>
/// <param name="Slowest">The same of the worst task.</param>
internal sealed record SearchRow(string Tasks, int Count, int Solved, double Median, double Slowest);

/// <summary>
/// The measurements of <c>bench search</c>. Seconds are processor time of the whole process, grounding and what the
/// just-in-time compiler still does included: other processes on the machine do not add to it.
/// </summary>
internal sealed class SearchBench(TimeSpan timeout, TimeProvider clock, CancellationToken cancellation)
{
    /// <summary>A row for each domain: tasks of pool sizes, all drawn from one seed.</summary>
    public IEnumerable<SearchRow> Generated(int count)
    {
        foreach (PlanningDomain domain in DomainCatalog.All)
        {
            var random = new Random(1);
            yield return Row(domain.Name, [.. Enumerable.Range(0, count).Select(_ => Draw(domain, random))]);
        }
    }

    /// <summary>A row for each folder below the given one in which folders of the given pattern hold instances.</summary>
    public IEnumerable<SearchRow> Corpus(string folder, string pattern) =>
        Directory.EnumerateDirectories(folder, pattern, SearchOption.AllDirectories)
            .Where(instance => File.Exists(Path.Combine(instance, "domain.pddl")) && File.Exists(Path.Combine(instance, "problem.pddl")))
            .Order(StringComparer.Ordinal)
            .GroupBy(instance => Path.GetFileName(Path.GetDirectoryName(instance))!)
            .Select(group => Row($"{group.Key} {pattern}", [.. group.Select(Read)]));

    private SearchRow Row(string name, List<Problem> problems)
    {
        Planner.Solve(problems[0], Options(), cancellation); // compiles
        int solved = 0;
        List<double> seconds = [];
        foreach (Problem problem in problems)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            SearchResult result = Planner.Solve(problem, Options(), cancellation);
            seconds.Add((Environment.CpuUsage.TotalTime - start).TotalSeconds);
            cancellation.ThrowIfCancellationRequested();
            solved += result.Outcome == SearchOutcome.Solved ? 1 : 0;
        }

        seconds.Sort();
        return new SearchRow(name, problems.Count, solved, Math.Round(seconds[seconds.Count / 2], 3), Math.Round(seconds[^1], 3));
    }

    private SearchOptions Options() => new() { Timeout = timeout, Clock = clock };

    private static Problem Draw(PlanningDomain domain, Random random) =>
        PddlReader.ReadProblem(new SourceText("problem.pddl", domain.GenerateProblem("p", domain.PoolSizes, random)), domain.Domain).Required();

    private static Problem Read(string folder)
    {
        Domain domain = PddlReader.ReadDomain(SourceOf(folder, "domain.pddl")).Required();
        return PddlReader.ReadProblem(SourceOf(folder, "problem.pddl"), domain).Required();
    }

    private static SourceText SourceOf(string folder, string name)
    {
        string file = Path.Combine(folder, name);
        return new SourceText(file, File.ReadAllText(file));
    }
}
