using Outerloop.Evaluation;
using Outerloop.Storage;

namespace Outerloop.Runs;

/// <summary>One side of a comparison: a generation of a run.</summary>
public sealed record ComparedGeneration(string Run, int Generation);

/// <summary>What <paramref name="Second"/> does better or worse than <paramref name="First"/>, by measure.</summary>
public sealed record GenerationComparison(
    string Domain, ComparedGeneration First, ComparedGeneration Second, IReadOnlyList<MeasuredDifference> Differences);

/// <summary>
/// Several runs side by side: what the loop made of each run's base, and how the other runs' last generations differ from
/// the first run's.
/// </summary>
public sealed record RunComparison(IReadOnlyList<RunGain> Runs, IReadOnlyList<GenerationComparison> Comparisons)
{
    /// <summary>Of runs that may be unfinished; nothing is written.</summary>
    public static async Task<RunComparison> Of(IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        var gains = new List<RunGain>();
        var scores = new List<(RunScores First, RunScores Last)>();
        foreach (string path in paths)
        {
            List<RunGain> gainsOfRun = [.. RunGain.Of(await RunExecution.Summarize(path, cancellation))];
            gains.AddRange(gainsOfRun);
            await using RunStore store = await RunStore.Open(RunFolder.StoreOf(path), cancellation);
            foreach (RunGain gain in gainsOfRun)
                scores.Add((await Scores(store, gain, gain.First), await Scores(store, gain, gain.Last)));
        }

        IEnumerable<GenerationComparison> within = scores.Where(run => run.First.Generation != run.Last.Generation).Select(run => Compare(run.First, run.Last));
        IEnumerable<GenerationComparison> between =
            from domain in scores.GroupBy(run => run.Last.Domain)
            from other in domain.Skip(1)
            select Compare(domain.First().Last, other.Last);
        return new RunComparison(gains, [.. within, .. between]);
    }

    private static Task<RunScores> Scores(RunStore store, RunGain gain, GenerationSummary generation) =>
        RunScores.Read(store, gain.Run, gain.Domain, generation.Generation);

    private static GenerationComparison Compare(RunScores first, RunScores second) => new(
        first.Domain,
        new ComparedGeneration(first.Run, first.Generation),
        new ComparedGeneration(second.Run, second.Generation),
        [.. first.To(second)]);
}
