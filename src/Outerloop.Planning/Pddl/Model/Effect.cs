using System.Collections.Immutable;

namespace Outerloop.Planning.Pddl;

/// <summary>What an action changes. All parts read the state before the action; deletions come before additions.</summary>
public abstract record Effect
{
    /// <summary>The effect that changes nothing.</summary>
    public static readonly Effect None = new EffectConjunction([]);

    private protected Effect()
    {
    }

    public sealed override string ToString() => PddlPrinter.Print(this);
}

public sealed record EffectConjunction(ImmutableArray<Effect> Parts) : Effect;

public sealed record AddEffect(Atom Atom) : Effect;

public sealed record DeleteEffect(Atom Atom) : Effect;

public sealed record ConditionalEffect(Condition Condition, Effect Effect) : Effect;

public sealed record UniversalEffect(ImmutableArray<Parameter> Variables, Effect Effect) : Effect;

public enum UpdateOperator
{
    Assign,
    Increase,
    Decrease,
    ScaleUp,
    ScaleDown,
}

public sealed record NumericEffect(UpdateOperator Operator, FunctionTerm Target, NumericExpression Amount) : Effect;
