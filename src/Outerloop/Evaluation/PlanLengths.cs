using Outerloop.Traces;

namespace Outerloop.Evaluation;

/// <summary>How many valid plans have how many steps, shortest first. Counts are in traces.</summary>
public sealed record PlanLengths(IReadOnlyList<(int Steps, int Plans)> Counts)
{
    public int Longest => Counts.Count == 0 ? 0 : Counts[^1].Steps;

    public static PlanLengths Of(IEnumerable<Trace> traces) => new(
    [
        .. traces.Where(trace => trace.Outcome == Outcome.Valid)
            .CountBy(trace => trace.PlanSteps)
            .OrderBy(count => count.Key)
            .Select(count => (count.Key, count.Value)),
    ]);

    public int AtLeast(int steps) => Counts.Where(count => count.Steps >= steps).Sum(count => count.Plans);
}
