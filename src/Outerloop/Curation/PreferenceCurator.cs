using Outerloop.Traces;

namespace Outerloop.Curation;

/// <summary>
/// A user for each task, who accepts some of its traces and keeps those that it likes best, no two of them with the same
/// answer. With everything accepted that is valid and no likes it is the paper's curator.
/// </summary>
internal sealed class PreferenceCurator : ICurator
{
    /// <summary>What the user takes for a good answer.</summary>
    public Func<Trace, bool> Accepts { get; init; } = trace => trace.Accepted;

    /// <summary>The less the better; ties go to fewer plan steps, fewer reasoning tokens, the earlier generation, the earlier sample.</summary>
    public Func<Trace, double> Cost { get; init; } = _ => 0;

    /// <summary>Traces kept per task.</summary>
    public int Kept { get; init; } = 1;

    public IReadOnlyList<Trace> Curate(IReadOnlyList<Trace> traces) =>
    [
        .. traces.Where(trace => trace.Outcome.IsTheModelsDoing() && Accepts(trace))
            .GroupBy(trace => trace.Id.Task)
            .OrderBy(group => group.Key)
            .SelectMany(Best),
    ];

    private IEnumerable<Trace> Best(IEnumerable<Trace> traces) =>
        traces.OrderBy(Cost)
            .ThenBy(trace => trace.PlanSteps)
            .ThenBy(trace => trace.ReasoningTokens)
            .ThenBy(trace => trace.Id.Generation)
            .ThenBy(trace => trace.Id.Sample)
            .DistinctBy(trace => trace.Text, StringComparer.Ordinal)
            .Take(Kept)
            .OrderBy(trace => trace.Id.Generation)
            .ThenBy(trace => trace.Id.Sample);
}
