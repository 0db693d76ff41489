using Outerloop.Planning.Validation.Compilation;

namespace Outerloop.Planning.Search.Grounding;

/// <summary>Whether a condition can hold in any state, judged by what never changes; facts that change may be either way.</summary>
internal sealed class OptimisticTruth(LiftedTask task)
{
    /// <summary>Slots of inner quantifiers are overwritten.</summary>
    public bool MayHold(LiftedFormula formula, int[] slots) => formula switch
    {
        LiftedLiteral l => !task.IsStatic[l.Predicate] || IsInitial(l, slots) == l.IsPositive,
        LiftedEquality e => Terms.Resolve(e.Left, slots) == Terms.Resolve(e.Right, slots) == e.Wanted,
        LiftedComparison c => c.Evaluate(slots) ?? false,
        LiftedAll a => Array.TrueForAll(a.Parts, p => MayHold(p, slots)),
        LiftedAny a => Array.Exists(a.Parts, p => MayHold(p, slots)),
        LiftedQuantified q => MayHold(q, 0, slots),
        _ => throw new InvalidOperationException($"no such formula: {formula.GetType()}"),
    };

    private bool MayHold(LiftedQuantified quantified, int depth, int[] slots)
    {
        if (depth == quantified.Variables.Length)
            return MayHold(quantified.Body, slots);
        var variable = quantified.Variables[depth];
        foreach (var member in variable.Extent.Members)
        {
            slots[variable.Slot] = member;
            if (MayHold(quantified, depth + 1, slots) != quantified.IsUniversal)
                return !quantified.IsUniversal;
        }

        return quantified.IsUniversal;
    }

    private bool IsInitial(LiftedLiteral literal, int[] slots)
    {
        Span<int> tuple = stackalloc int[literal.Terms.Length];
        for (var i = 0; i < tuple.Length; i++)
            tuple[i] = Terms.Resolve(literal.Terms[i], slots);
        return task.Relations[literal.Predicate].Find(tuple) >= 0;
    }
}
