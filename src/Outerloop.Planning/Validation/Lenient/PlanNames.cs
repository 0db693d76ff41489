using Outerloop.Planning.Validation.Compilation;

namespace Outerloop.Planning.Validation.Lenient;

/// <summary>The names that a plan for a problem can use; they tell a step from prose where nothing else does.</summary>
/// <param name="task">The problem; null where nothing is known of it.</param>
internal sealed class PlanNames(CompiledTask? task)
{
    public bool IsAction(string name) => Arity(name) is not null;

    /// <summary>The number of parameters of an action; null if there is none of the name.</summary>
    public int? Arity(string name) => task?.FindAction(name)?.Types.Length;

    public bool IsObject(string name) => task is not null && task.Objects.TryFind(name, out _);
}
