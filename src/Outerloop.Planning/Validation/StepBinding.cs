using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation.Compilation;

namespace Outerloop.Planning.Validation;

/// <summary>Resolves the names of a step and puts its objects into the slots of the action's parameters.</summary>
internal static class StepBinding
{
    public static Failure? Bind(CompiledTask task, IStepSequence step, int[] slots, out CompiledAction? action)
    {
        action = task.FindAction(step.Name(0));
        if (action is null)
            return UnknownAction(step.Name(0).ToString(), task);
        var types = action.Types;
        if (step.Arity != types.Length)
            return new Failure(Reasons.Arity, $"'{action.Schema.Name}' takes {types.Length} argument{(types.Length == 1 ? "" : "s")}, not {step.Arity}");
        for (var i = 0; i < types.Length; i++)
        {
            if (!task.Objects.TryFind(step.Name(i + 1), out slots[i]))
                return UnknownObject(step.Name(i + 1).ToString(), task);
        }

        for (var i = 0; i < types.Length; i++)
        {
            if (!types[i].Contains(slots[i]))
                return IllTyped(task.Objects[slots[i]], action.Schema.Parameters[i]);
        }

        return null;
    }

    private static Failure UnknownAction(string name, CompiledTask task) =>
        new(Reasons.UnknownAction, $"there is no action '{name}'{Hint(name, task.ActionNames)}");

    private static Failure UnknownObject(string name, CompiledTask task) =>
        new(Reasons.UnknownObject, $"there is no object '{name}'{Hint(name, task.Objects.AllNames)}");

    private static Failure IllTyped(PddlObject thing, Parameter parameter) =>
        new(Reasons.Type, $"{thing.Name} is of type {thing.Type}, but ?{parameter.Name} must be of type {parameter.Type}");

    private static string Hint(string name, IEnumerable<string> candidates) =>
        Suggestion.For(name, candidates) is { } found ? $"; did you mean '{found}'?" : "";
}
