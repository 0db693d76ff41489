using Outerloop.Planning.Validation.Compilation;

namespace Outerloop.Planning.Search.Grounding;

/// <summary>
/// Grounds a condition to a disjunction of conjunctions of literals, each an ascending array. What is known of facts that
/// never change is used up on the way, so that no literal is left whose truth is the same in all states.
/// </summary>
internal sealed class DisjunctiveForm(AtomTable atoms, SearchLimits limits)
{
    private const int MostConjunctions = 4096;

    private static readonly List<int[]> True = [[]];
    private static readonly List<int[]> False = [];

    /// <summary>Whether a condition has more conjunctions than are written out; its form means nothing then.</summary>
    public bool IsTooLarge { get; private set; }

    public List<int[]> Of(LiftedFormula formula, int[] slots) => formula switch
    {
        LiftedLiteral l => Literal(l, slots),
        LiftedEquality e => Terms.Resolve(e.Left, slots) == Terms.Resolve(e.Right, slots) == e.Wanted ? True : False,
        LiftedComparison c => c.Evaluate(slots) == true ? True : False,
        LiftedAll a => a.Parts.Aggregate(True, (forms, part) => forms.Count == 0 ? forms : And(forms, Of(part, slots))),
        LiftedAny a => a.Parts.Aggregate(False, (forms, part) => Or(forms, Of(part, slots))),
        LiftedQuantified q => Quantified(q, 0, slots),
        _ => throw new InvalidOperationException($"no such formula: {formula.GetType()}"),
    };

    public List<int[]> And(List<int[]> left, List<int[]> right)
    {
        if (left.Count == 0 || right.Count == 0)
            return False;
        if (left.Count == 1 && left[0].Length == 0)
            return right;
        if (right.Count == 1 && right[0].Length == 0)
            return left;
        if ((long)left.Count * right.Count > MostConjunctions)
        {
            IsTooLarge = true;
            return False;
        }

        return [.. left.SelectMany(_ => right, Merge).OfType<int[]>()];
    }

    private List<int[]> Literal(LiftedLiteral literal, int[] slots)
    {
        var atom = atoms.Find(literal, slots);
        if (atom < 0)
            return literal.IsPositive ? False : True;
        if (atoms.IsAlwaysTrue(atom))
            return literal.IsPositive ? True : False;
        return [[AtomTable.Literal(atom, literal.IsPositive)]];
    }

    private List<int[]> Quantified(LiftedQuantified quantified, int depth, int[] slots)
    {
        if (depth == quantified.Variables.Length)
            return Of(quantified.Body, slots);
        var variable = quantified.Variables[depth];
        var forms = quantified.IsUniversal ? True : False;
        foreach (var member in limits.Each(variable.Extent.Members))
        {
            slots[variable.Slot] = member;
            var form = Quantified(quantified, depth + 1, slots);
            forms = quantified.IsUniversal ? And(forms, form) : Or(forms, form);
            if (IsTooLarge)
                return False;
        }

        return forms;
    }

    private List<int[]> Or(List<int[]> left, List<int[]> right)
    {
        if (left.Count == 0 || right.Count == 0)
            return left.Count == 0 ? right : left;
        if (left.Exists(c => c.Length == 0) || right.Exists(c => c.Length == 0))
            return True;
        if (left.Count + right.Count > MostConjunctions)
            IsTooLarge = true;
        return [.. left, .. right.Where(r => !left.Exists(l => l.AsSpan().SequenceEqual(r)))];
    }

    /// <summary>The literals of both, or null where they contradict each other.</summary>
    private static int[]? Merge(int[] left, int[] right)
    {
        var merged = new List<int>(left.Length + right.Length);
        for (int i = 0, j = 0; i < left.Length || j < right.Length;)
        {
            var next = j == right.Length || (i < left.Length && left[i] <= right[j]) ? left[i++] : right[j++];
            if (merged.Count > 0 && merged[^1] == next)
                continue;
            if (merged.Count > 0 && merged[^1] == AtomTable.Negate(next))
                return null;
            merged.Add(next);
        }

        return [.. merged];
    }
}
