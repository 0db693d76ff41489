using Outerloop.Planning.Validation.Compilation;

namespace Outerloop.Planning.Validation;

/// <summary>
/// Several steps at one time. By PDDL 2.1 (Fox and Long, "no moving targets") they may happen at once only if none
/// touches what another one reads or changes; then all read the same state and their changes are applied together.
/// </summary>
internal sealed class SimultaneousSteps(CompiledTask task, Frame frame)
{
    private readonly Touches all = new();
    private readonly Changes changes = new();

    /// <summary>Takes the steps; on failure says which one (0-based in the plan) and why.</summary>
    public (int Step, Failure? Failure) Take(ReadOnlySpan<PlanStep> steps, int first)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            if (Collect(steps[i]) is { } failure)
                return (first + i, failure);
        }

        return (first + steps.Length - 1, changes.Apply(frame.State));
    }

    private Failure? Collect(PlanStep step)
    {
        if (StepBinding.Bind(task, step, frame.Slots, out var action) is { } unbound)
            return unbound;
        if (!action!.Precondition.Holds(frame))
            return new Failure(Reasons.Precondition, new FailureExplanation(task.Objects, frame).Of(action.Precondition));
        var own = new Changes();
        action.Effect.Collect(frame, own);
        var touches = Touches.Of(action, task.Derivation, frame, own);
        if (all.Conflict(touches) is { } relation)
            return new Failure(Reasons.Interference, $"it happens at the same time as a step that touches the same {relation.Name} fact");
        all.Join(touches);
        changes.Append(own);
        return null;
    }
}
