using System.Collections.Immutable;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>The variables in scope, innermost declaration first: a quantifier's variable hides one of the same name.</summary>
internal sealed class Scope
{
    private readonly Stack<ImmutableArray<Parameter>> frames = new();

    public IEnumerable<string> AllNames => frames.SelectMany(f => f).Select(p => p.Name);

    public void Enter(ImmutableArray<Parameter> variables) => frames.Push(variables);

    public void Leave() => frames.Pop();

    public TypeName? TypeOf(string variable)
    {
        foreach (var frame in frames)
        {
            foreach (var parameter in frame)
            {
                if (Names.Same(parameter.Name, variable))
                    return parameter.Type;
            }
        }

        return null;
    }
}
