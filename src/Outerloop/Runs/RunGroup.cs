using System.Collections.Immutable;
using Outerloop.Configuration;

namespace Outerloop.Runs;

/// <summary>A figure over several runs: its mean, and the range from the lowest to the highest.</summary>
public sealed record Spread(double Mean, double Low, double High)
{
    public static Spread Of(IReadOnlyCollection<double> values) => new(values.Average(), values.Min(), values.Max());
}

/// <summary>A figure of the first and of the last generation.</summary>
public sealed record Change(Spread First, Spread Last);

/// <summary>Runs of one domain that differ in their seed alone, as one row of a table.</summary>
/// <param name="Name">What the paths of its runs have in common, less what those of all groups have; at least a folder's name.</param>
/// <param name="LastGenerations">Of each run; they differ where one is not finished.</param>
public sealed record RunGroup(string Name, string Domain, ImmutableArray<string> Runs, ImmutableArray<int> LastGenerations)
{
    /// <summary>Share of the pool's samples that are valid, so that runs with more samples a task can be compared.</summary>
    public required Change Pool { get; init; }

    /// <summary>average@3.</summary>
    public required Change HeldOut { get; init; }

    public required Change Greedy { get; init; }

    /// <summary>Steps of the longest valid plan on the pool.</summary>
    public required Change Longest { get; init; }

    /// <summary>Larger tasks solved.</summary>
    public required Change Larger { get; init; }

    public required Spread TokensTrained { get; init; }

    public required Spread CpuSeconds { get; init; }

    /// <summary>In the order of the first run of each, domain by domain; runs may be unfinished, and nothing is written.</summary>
    public static async Task<IReadOnlyList<RunGroup>> Of(IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        var gains = new List<(string Settings, RunGain Gain)>();
        foreach (string path in paths)
        {
            string settings = RunFile.Print(RunFolder.SettingsAt(path) with { Seed = 0, Domains = [] });
            gains.AddRange(RunGain.Of(await RunExecution.Summarize(path, cancellation)).Select(gain => (settings, gain)));
        }

        List<List<RunGain>> groups = [.. gains.GroupBy(run => (run.Gain.Domain, run.Settings), run => run.Gain).Select(group => group.ToList())];
        string[] shared = Shared(groups.Select(group => Shared(group.Select(gain => Parts(gain.Run)))));
        return [.. groups.Select(group => Of(group, shared.Length)).OrderBy(group => group.Domain, StringComparer.Ordinal)];
    }

    private static RunGroup Of(List<RunGain> runs, int sharedByAll)
    {
        Change Both(Func<GenerationSummary, double> figure) =>
            new(Spread.Of([.. runs.Select(run => figure(run.First))]), Spread.Of([.. runs.Select(run => figure(run.Last))]));
        string[] path = Shared(runs.Select(run => Parts(run.Run)));
        string name = string.Join('/', path.Skip(Math.Min(sharedByAll, path.Length - 1)));
        return new RunGroup(name, runs[0].Domain, [.. runs.Select(run => run.Run)], [.. runs.Select(run => run.Last.Generation)])
        {
            Pool = Both(generation => ValidShare(generation.Outcomes)),
            HeldOut = Both(generation => generation.HeldOut.AverageAt3),
            Greedy = Both(generation => generation.HeldOut.Greedy),
            Longest = Both(generation => generation.PlanLength.Max),
            Larger = Both(generation => generation.Larger.Solved),
            TokensTrained = Spread.Of([.. runs.Select(run => (double)run.TokensTrained)]),
            CpuSeconds = Spread.Of([.. runs.Select(run => run.CpuSeconds)]),
        };
    }

    private static double ValidShare(OutcomeSummary outcomes) =>
        (double)outcomes.Valid / Math.Max(1, outcomes.Valid + outcomes.Invalid + outcomes.Malformed + outcomes.Truncated);

    private static string[] Parts(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What all begin with.</summary>
    private static string[] Shared(IEnumerable<string[]> paths) =>
        paths.Aggregate((first, second) => [.. first.Zip(second).TakeWhile(pair => pair.First == pair.Second).Select(pair => pair.First)]);
}
