using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Search.Grounding;

/// <summary>An action before its parameters are bound.</summary>
/// <param name="Schema">The action as declared; its parameters have the slots 0, 1, ….</param>
/// <param name="Variables">The parameters, then what the precondition claims to exist at its top level.</param>
/// <param name="SlotCount">The length of a binding, including slots of inner quantifiers.</param>
/// <param name="Joined">The facts that the precondition demands: bindings are found by joining them.</param>
/// <param name="Tests">Demands that are decided as soon as their terms are bound: equalities and absent static facts.</param>
/// <param name="Rest">All other demands.</param>
internal sealed record LiftedAction(
    ActionSchema Schema,
    LiftedVariable[] Variables,
    int SlotCount,
    LiftedLiteral[] Joined,
    LiftedFormula[] Tests,
    LiftedFormula Rest,
    LiftedEffect[] Effects,
    LiftedCost Cost);

/// <summary>For all values of the variables: where the condition holds, the literal becomes true.</summary>
internal sealed record LiftedEffect(LiftedVariable[] Variables, LiftedFormula Condition, LiftedLiteral Literal);

/// <summary>What an action costs: a constant one, or the sum of the amounts that it adds to the metric.</summary>
/// <param name="IsUnit">Whether every step costs one, whatever the amounts.</param>
/// <param name="Amounts">Where one of them is undefined, the action cannot be taken.</param>
internal sealed record LiftedCost(bool IsUnit, (StaticNumber Amount, bool Counts)[] Amounts)
{
    public Number? Evaluate(int[] slots)
    {
        var sum = IsUnit ? Number.One : Number.Zero;
        foreach (var (amount, counts) in Amounts)
        {
            if (amount(slots) is not { } value)
                return null;
            if (counts && !IsUnit)
                sum += value;
        }

        return sum;
    }
}

/// <summary>A task with every name resolved to a number, before grounding.</summary>
internal sealed record LiftedTask(FactRelation[] Relations, bool[] IsStatic, LiftedAction[] Actions, LiftedFormula Goal, int GoalSlots);
