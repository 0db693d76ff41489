using System.Collections.Immutable;

namespace Outerloop.Planning.Pddl;

/// <summary>
/// What a precondition, a goal, an axiom's body or the premise of a conditional effect can say. The hierarchy is closed,
/// and its nesting is bounded by the reader, so that consumers may recurse.
/// </summary>
public abstract record Condition
{
    /// <summary>The empty conjunction.</summary>
    public static readonly Condition True = new Conjunction([]);

    private protected Condition()
    {
    }

    public sealed override string ToString() => PddlPrinter.Print(this);
}

public sealed record Conjunction(ImmutableArray<Condition> Parts) : Condition;

public sealed record Disjunction(ImmutableArray<Condition> Parts) : Condition;

public sealed record Negation(Condition Body) : Condition;

public sealed record Implication(Condition Premise, Condition Conclusion) : Condition;

public sealed record Universal(ImmutableArray<Parameter> Variables, Condition Body) : Condition;

public sealed record Existential(ImmutableArray<Parameter> Variables, Condition Body) : Condition;

/// <summary>A predicate applied to terms.</summary>
public sealed record Atom(Predicate Predicate, ImmutableArray<Term> Arguments) : Condition;

/// <summary>Whether two terms name the same object.</summary>
public sealed record Equality(Term Left, Term Right) : Condition;

public enum ComparisonOperator
{
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
}

public sealed record Comparison(ComparisonOperator Operator, NumericExpression Left, NumericExpression Right) : Condition;
