using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Reference;

/// <summary>What variables can stand for in a problem, and what atoms become when they do: texts such as <c>(on a b)</c>.</summary>
internal sealed class Bindings(Problem problem)
{
    /// <summary>The outer binding extended by each choice of the variables.</summary>
    public IEnumerable<Dictionary<string, string>> Of(IEnumerable<Parameter> variables, Dictionary<string, string> outer)
    {
        IEnumerable<Dictionary<string, string>> all = [outer];
        foreach (var variable in variables)
            all = all.SelectMany(b => ObjectsOf(variable.Type).Select(o => new Dictionary<string, string>(b) { [variable.Name] = o })).ToList();
        return all;
    }

    /// <summary>The binding of an action's parameters to a step's arguments; null where they do not fit.</summary>
    public Dictionary<string, string>? Of(ActionSchema action, PlanStep step) =>
        action.Parameters.Length == step.Arguments.Length && action.Parameters.Zip(step.Arguments).All(p => ObjectsOf(p.First.Type).Contains(p.Second))
            ? action.Parameters.Zip(step.Arguments).ToDictionary(p => p.First.Name, p => p.Second)
            : null;

    public static string Ground(string name, IEnumerable<Term> arguments, Dictionary<string, string> binding) =>
        $"({string.Join(' ', arguments.Select(a => Name(a, binding)).Prepend(name))})";

    public static string Name(Term term, Dictionary<string, string> binding) =>
        term is ObjectTerm o ? o.Object.Name : binding[((VariableTerm)term).Name];

    private List<string> ObjectsOf(TypeName wanted) =>
        [.. problem.Objects.Where(o => o.Type.Alternatives.Any(t => wanted.Alternatives.Any(w => Above(t).Contains(w)))).Select(o => o.Name)];

    private IEnumerable<string> Above(string type)
    {
        var parents = problem.Domain.Types.Declarations.Where(d => d.Name == type).SelectMany(d => d.Parent.Alternatives);
        return parents.SelectMany(Above).Append(type).Append("object");
    }
}
