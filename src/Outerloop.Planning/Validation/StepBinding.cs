using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation.Compilation;

namespace Outerloop.Planning.Validation;

/// <summary>Resolves the names of a step and puts its objects into the slots of the action's parameters.</summary>
internal static class StepBinding
{
    public static Failure? Bind(CompiledTask task, PlanStep step, int[] slots, out CompiledAction? action)
    {
        action = task.FindAction(step.Action);
        if (action is null)
            return new Failure(Reasons.UnknownAction, $"there is no action '{step.Action}'{Hint(step.Action, task.ActionNames)}");
        var types = action.Types;
        if (step.Arguments.Length != types.Length)
            return new Failure(Reasons.Arity, $"'{action.Schema.Name}' takes {types.Length} argument{(types.Length == 1 ? "" : "s")}, not {step.Arguments.Length}");
        for (var i = 0; i < types.Length; i++)
        {
            if (!task.Objects.TryFind(step.Arguments[i], out slots[i]))
                return new Failure(Reasons.UnknownObject, $"there is no object '{step.Arguments[i]}'{Hint(step.Arguments[i], task.Objects.AllNames)}");
        }

        for (var i = 0; i < types.Length; i++)
        {
            if (!types[i].Contains(slots[i]))
                return IllTyped(task.Objects[slots[i]], action.Schema.Parameters[i]);
        }

        return null;
    }

    private static Failure IllTyped(PddlObject thing, Parameter parameter) =>
        new(Reasons.Type, $"{thing.Name} is of type {thing.Type}, but ?{parameter.Name} must be of type {parameter.Type}");

    private static string Hint(string name, IEnumerable<string> candidates) =>
        Suggestion.For(name, candidates) is { } found ? $"; did you mean '{found}'?" : "";
}
