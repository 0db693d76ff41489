using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation.Compilation;

namespace Outerloop.Planning.Search.Grounding;

/// <summary>
/// A condition in negation normal form over numbered predicates. A term is a slot of a binding, or the complement of an
/// object's number, see <see cref="Terms"/>.
/// </summary>
internal abstract record LiftedFormula
{
    public static readonly LiftedFormula True = new LiftedAll([]);
}

internal sealed record LiftedLiteral(int Predicate, int[] Terms, bool IsPositive) : LiftedFormula;

internal sealed record LiftedEquality(int Left, int Right, bool Wanted) : LiftedFormula;

/// <summary>A comparison of numbers that no action changes; undefined numbers satisfy neither it nor its negation.</summary>
internal sealed record LiftedComparison(ComparisonOperator Operator, StaticNumber Left, StaticNumber Right, bool Wanted) : LiftedFormula
{
    public bool? Evaluate(int[] slots) =>
        Left(slots) is { } left && Right(slots) is { } right ? Compare(left.CompareTo(right)) == Wanted : null;

    private bool Compare(int order) => Operator switch
    {
        ComparisonOperator.Less => order < 0,
        ComparisonOperator.LessOrEqual => order <= 0,
        ComparisonOperator.Equal => order == 0,
        ComparisonOperator.GreaterOrEqual => order >= 0,
        _ => order > 0,
    };
}

internal sealed record LiftedAll(LiftedFormula[] Parts) : LiftedFormula;

internal sealed record LiftedAny(LiftedFormula[] Parts) : LiftedFormula;

internal sealed record LiftedQuantified(LiftedVariable[] Variables, LiftedFormula Body, bool IsUniversal) : LiftedFormula;

/// <summary>A variable: its slot, which no other variable of the same action has, and the objects that it runs over.</summary>
internal sealed record LiftedVariable(int Slot, TypeExtent Extent);

/// <summary>A number that depends on the binding only; null where it is undefined.</summary>
internal delegate Number? StaticNumber(int[] slots);
