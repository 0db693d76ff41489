using System.Collections.Immutable;
using Outerloop.Traces;

namespace Outerloop.Reward;

/// <summary>A trace that a curator was shown, with what may have spoken for it.</summary>
/// <param name="Kept">Whether the next generation was trained on it.</param>
/// <param name="Features">In the order of <see cref="FeatureNames"/>.</param>
internal sealed record Offer(Trace Trace, bool Kept, double Difficulty, ImmutableArray<double> Features)
{
    /// <summary>What a choice may go by; a feature that says the same as those before it is left out of a fit.</summary>
    public static ImmutableArray<(string Name, string Unit)> FeatureNames { get; } =
    [
        ("valid", "valid against not"),
        ("planLength", "step more than the task's traces of the same validity on average"),
        ("tokens", "token more than the task's traces of the same validity on average"),
        ("difficulty", "all of the task's traces fail against none"),
        ("generation", "generation later"),
        ("goalShare", "an invalid plan that reaches all of the goal against none"),
    ];

    public bool IsValid => Trace.Outcome == Outcome.Valid;

    /// <summary>
    /// Length and tokens count against the other traces of the task that are as valid. Curators choose among those; across
    /// tasks, long plans belong to hard tasks, which offer few valid traces, and each of those is kept more often.
    /// </summary>
    public static List<Offer> Of(IEnumerable<Trace> shown, IReadOnlySet<TraceId> kept) =>
    [
        .. shown.Where(trace => trace.Outcome.IsTheModelsDoing())
            .GroupBy(trace => trace.Id.Task)
            .SelectMany(task => OfTask([.. task], kept)),
    ];

    private static IEnumerable<Offer> OfTask(Trace[] task, IReadOnlySet<TraceId> kept)
    {
        double failed = task.Average(trace => trace.Outcome == Outcome.Valid ? 0.0 : 1);
        return task.GroupBy(trace => trace.Outcome == Outcome.Valid).SelectMany(alike => Alike([.. alike], failed, kept));
    }

    private static IEnumerable<Offer> Alike(Trace[] alike, double failed, IReadOnlySet<TraceId> kept)
    {
        double tokens = alike.Average(trace => trace.Tokens.Count);
        double steps = alike.Where(HasPlan).Select(trace => (double)trace.PlanSteps).DefaultIfEmpty().Average();
        return alike.Select(trace => new Offer(
            trace,
            kept.Contains(trace.Id),
            failed,
            [
                trace.Outcome == Outcome.Valid ? 1 : 0,
                HasPlan(trace) ? trace.PlanSteps - steps : 0,
                trace.Tokens.Count - tokens,
                failed,
                trace.Id.Generation,
                trace.Outcome == Outcome.Valid ? 0 : trace.GoalShare,
            ]));
    }

    private static bool HasPlan(Trace trace) => trace.Outcome is Outcome.Valid or Outcome.Invalid;
}
