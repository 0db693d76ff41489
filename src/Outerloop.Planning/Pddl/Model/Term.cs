namespace Outerloop.Planning.Pddl;

/// <summary>What an atom speaks of: a variable in scope, or an object.</summary>
public abstract record Term
{
    private protected Term()
    {
    }
}

/// <summary>The variable of the innermost declaration of this name.</summary>
public sealed record VariableTerm(string Name) : Term
{
    public override string ToString() => $"?{Name}";
}

public sealed record ObjectTerm(PddlObject Object) : Term
{
    public override string ToString() => Object.Name;
}
