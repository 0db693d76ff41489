using Outerloop.Planning.Validation.Compilation;

namespace Outerloop.Planning.Validation;

/// <summary>
/// Several steps at one time. By PDDL 2.1 (Fox and Long, "no moving targets") they may happen at once only if none
/// touches what another one reads or changes; then all read the same state and their changes are applied together.
/// </summary>
internal sealed class SimultaneousSteps(CompiledTask task, Frame frame)
{
    private readonly Touches all = new();

    /// <summary>What all steps so far say.</summary>
    public Changes Changes { get; } = new();

    /// <summary>Adds a step to those that happen at once, unless it cannot be taken along with them.</summary>
    public Failure? Collect(IStepSequence step)
    {
        if (StepBinding.Bind(task, step, frame.Slots, out var action) is { } unbound)
            return unbound;
        if (!action!.Precondition.Holds(frame))
            return new Failure(Reasons.Precondition, new FailureExplanation(task.Objects, frame).Of(action.Precondition));
        var own = new Changes();
        action.Effect.Collect(frame, own);
        if (own.Obstacle(frame.State) is { } obstacle)
            return obstacle;
        var touches = Touches.Of(action, task.Derivation, frame, own);
        if (all.Conflict(touches) is { } relation)
            return new Failure(Reasons.Interference, $"it happens at the same time as a step that touches the same {relation.Name} fact");
        all.Join(touches);
        Changes.Append(own);
        return null;
    }
}
