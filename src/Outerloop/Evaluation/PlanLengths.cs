using Outerloop.Traces;

namespace Outerloop.Evaluation;

/// <summary>How many valid plans have how many steps, shortest first. Counts are in traces.</summary>
public sealed record PlanLengths(IReadOnlyList<PlanLengthCount> Counts)
{
    /// <summary>Steps, on average; 0 where there is no plan.</summary>
    public double Mean => Counts.Count == 0 ? 0 : (double)Counts.Sum(count => (long)count.Steps * count.Plans) / AtLeast(0);

    /// <summary>Steps of the longest; 0 where there is no plan.</summary>
    public int Max => Counts.Count == 0 ? 0 : Counts[^1].Steps;

    public static PlanLengths Of(IEnumerable<Trace> traces) => new(
    [
        .. traces.Where(trace => trace.Outcome == Outcome.Valid)
            .CountBy(trace => trace.PlanSteps)
            .OrderBy(count => count.Key)
            .Select(count => new PlanLengthCount(count.Key, count.Value)),
    ]);

    /// <summary>Plans of so many steps and more.</summary>
    public int AtLeast(int steps) => Counts.Where(count => count.Steps >= steps).Sum(count => count.Plans);
}

public sealed record PlanLengthCount(int Steps, int Plans);
