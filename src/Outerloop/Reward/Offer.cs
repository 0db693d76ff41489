using System.Collections.Immutable;
using Outerloop.Traces;

namespace Outerloop.Reward;

/// <summary>A trace that a curator was shown, with what may have spoken for it.</summary>
/// <param name="Kept">Whether the next generation was trained on it.</param>
/// <param name="Difficulty">The share of the task's traces that fail.</param>
internal sealed record Offer(ShownTrace Trace, bool Kept, double Difficulty)
{
    public static (string Name, string Unit) Valid { get; } = ("valid", "valid against not");

    /// <summary>
    /// What a choice among traces of one kind may go by; a feature that says the same as those before it is left out.
    /// </summary>
    public static ImmutableArray<(string Name, string Unit)> FeatureNames { get; } =
    [
        ("planLength", "step more"),
        ("tokens", "token more"),
        ("generation", "generation later"),
        ("goalShare", "an invalid plan that reaches all of the goal against none"),
    ];

    /// <summary>In the order of <see cref="FeatureNames"/>.</summary>
    public double[] Features => [Trace.PlanSteps, Trace.AnswerTokens, Trace.Id.Generation, IsValid ? 0 : Trace.GoalShare];

    public bool IsValid => Trace.Outcome == Outcome.Valid;

    /// <summary>Whether there is a valid plan, another plan, or none: a trace without a plan is not one of no steps.</summary>
    public int Kind => Trace.Outcome switch { Outcome.Valid => 0, Outcome.Invalid => 1, _ => 2 };

    public static List<Offer> Of(IEnumerable<ShownTrace> shown, IReadOnlySet<TraceId> kept) =>
    [
        .. shown.Where(trace => trace.Outcome.IsTheModelsDoing())
            .GroupBy(trace => trace.Task)
            .SelectMany(task => OfTask([.. task], kept)),
    ];

    private static IEnumerable<Offer> OfTask(ShownTrace[] task, IReadOnlySet<TraceId> kept)
    {
        double failed = (double)task.Count(trace => trace.Outcome != Outcome.Valid) / task.Length;
        return task.Select(trace => new Offer(trace, kept.Contains(trace.Id), failed));
    }
}
