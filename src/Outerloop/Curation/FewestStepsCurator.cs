using Outerloop.Traces;

namespace Outerloop.Curation;

/// <summary>
/// The paper's curator: of each task's valid traces keep the one with the fewest plan steps, ties by the fewest
/// reasoning tokens, then the earlier generation, then the earlier sample.
/// </summary>
public sealed class FewestStepsCurator : ICurator
{
    public string Name => "fewest-steps";

    public string Description => "per task the valid trace with the fewest plan steps, ties by the fewest reasoning tokens";

    public IReadOnlyList<Trace> Curate(IReadOnlyList<Trace> traces) =>
    [
        .. traces.Where(trace => trace.Outcome == Outcome.Valid)
            .GroupBy(trace => trace.Id.Task)
            .OrderBy(group => group.Key)
            .Select(group => group
                .OrderBy(trace => trace.PlanSteps)
                .ThenBy(trace => trace.ReasoningTokens)
                .ThenBy(trace => trace.Id.Generation)
                .ThenBy(trace => trace.Id.Sample)
                .First()),
    ];
}
