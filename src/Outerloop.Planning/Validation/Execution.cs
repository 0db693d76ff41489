using System.Collections.Immutable;
using Outerloop.Planning.Validation.Compilation;

namespace Outerloop.Planning.Validation;

/// <summary>One run of a plan from the initial state.</summary>
internal sealed class Execution(CompiledTask task, CancellationToken cancellation)
{
    private readonly State state = new(task.Initial!, cancellation);
    private readonly Changes changes = new();
    private Frame? frame;

    private Frame Frame => frame ??= new Frame(state, task.SlotCount, cancellation);

    private FailureExplanation Explanation => new(task.Objects, Frame);

    public Verdict Run(Plan plan)
    {
        var steps = plan.Steps;
        for (var i = 0; i < steps.Length; Frame.Happenings++)
        {
            if ((i & 0xFF) == 0)
                cancellation.ThrowIfCancellationRequested();
            var end = EndOfHappening(steps, i);
            var (failed, failure) = end == i + 1 ? (i, Take(steps[i])) : new SimultaneousSteps(task, Frame).Take(steps.AsSpan()[i..end], i);
            if (failure is not null)
                return new Verdict(VerdictKind.Invalid, failed + 1, failure.Reason, $"step {failed + 1} {steps[failed]}: {failure.Message}", null);
            i = end;
        }

        return AtEnd(plan);
    }

    private Failure? Take(PlanStep step)
    {
        if (StepBinding.Bind(task, step, Frame.Slots, out var action) is { } unbound)
            return unbound;
        if (!action!.Precondition.Holds(Frame))
            return new Failure(Reasons.Precondition, Explanation.Of(action.Precondition));
        changes.Clear();
        action.Effect.Collect(Frame, changes);
        return changes.Apply(state);
    }

    private Verdict AtEnd(Plan plan)
    {
        if (!task.Goal.Holds(Frame))
            return new Verdict(VerdictKind.Invalid, null, Reasons.Goal, $"the goal does not hold at the end: {Explanation.Of(task.Goal)}", null);
        var cost = task.Metric is null ? plan.Length : task.Metric.Evaluate(Frame)?.ToDouble();
        return new Verdict(VerdictKind.Valid, null, null, cost is null ? "valid; its metric has no value" : "valid", cost);
    }

    /// <summary>Steps of the same time form one happening.</summary>
    private static int EndOfHappening(ImmutableArray<PlanStep> steps, int start)
    {
        var end = start + 1;
        while (end < steps.Length && steps[start].Time is { } time && steps[end].Time == time)
            end++;
        return end;
    }
}
