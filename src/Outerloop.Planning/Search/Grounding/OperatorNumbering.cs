namespace Outerloop.Planning.Search.Grounding;

/// <summary>Numbers the facts that matter and drops operators that change none of them.</summary>
internal sealed class OperatorNumbering
{
    private readonly Relevance relevance;
    private readonly AtomTable atoms;
    private readonly int[] factOf; // by literal
    private readonly int[] variableOf; // by atom
    private readonly List<Variable> variables = [];
    private readonly List<int> variableAtoms = [];
    private int factCount;

    private OperatorNumbering(OperatorDrafting drafts, SearchLimits limits)
    {
        relevance = new Relevance(drafts, limits);
        atoms = drafts.Atoms;
        factOf = new int[drafts.AtomCount * 2];
        variableOf = new int[drafts.AtomCount];
        for (var atom = 0; atom < drafts.AtomCount; atom++)
            Introduce(atom);
    }

    public static GroundTask Number(OperatorDrafting drafts, int[] costs, SearchLimits limits)
    {
        var numbering = new OperatorNumbering(drafts, limits);
        var operators = new List<GroundOperator>(drafts.Operators.Count);
        foreach (var i in limits.Each(Enumerable.Range(0, drafts.Operators.Count)))
        {
            var draft = drafts.Operators[i];
            if (numbering.relevance.IsRelevantOperator(i))
                operators.Add(new GroundOperator(draft.Instance, numbering.Facts(draft.Precondition), numbering.Effects(draft), costs[i]));
        }

        return new GroundTask(numbering.factCount, [.. numbering.variables], [.. operators], numbering.InitialState(), numbering.Facts(drafts.Goal!));
    }

    private void Introduce(int atom)
    {
        var variable = new Variable(FactOf(AtomTable.Literal(atom, isPositive: true)), FactOf(AtomTable.Literal(atom, isPositive: false)));
        variableOf[atom] = variable is (-1, -1) ? -1 : variables.Count;
        if (variableOf[atom] < 0)
            return;
        variables.Add(variable);
        variableAtoms.Add(atom);
    }

    private int FactOf(int literal) => factOf[literal] = relevance.IsRelevant(literal) ? factCount++ : -1;

    private int[] Facts(int[] literals) => [.. literals.Select(l => factOf[l])];

    private GroundEffect[] Effects(DraftOperator draft) =>
        [.. draft.Effects
            .Where(e => variableOf[AtomTable.Atom(e.Literal)] >= 0)
            .GroupBy(e => e.Condition, Conjunctions.Instance)
            .Select(Effect)];

    private GroundEffect Effect(IGrouping<int[], DraftEffect> group)
    {
        var adds = Variables(group, isPositive: true);
        var deletes = Variables(group, isPositive: false);
        return new GroundEffect(Facts(group.Key), [.. deletes.Except(adds)], adds);
    }

    private int[] Variables(IEnumerable<DraftEffect> effects, bool isPositive) =>
        [.. effects.Where(e => AtomTable.IsPositive(e.Literal) == isPositive).Select(e => variableOf[AtomTable.Atom(e.Literal)]).Distinct()];

    private ulong[] InitialState()
    {
        var state = new ulong[Math.Max(1, (factCount + 63) >> 6)];
        for (var i = 0; i < variables.Count; i++)
        {
            var holds = variableAtoms[i] < atoms.Count && atoms.IsInitial(variableAtoms[i]);
            var fact = holds ? variables[i].Positive : variables[i].Negative;
            if (fact >= 0)
                state[fact >> 6] |= 1UL << fact;
        }

        return state;
    }

    private sealed class Conjunctions : IEqualityComparer<int[]>
    {
        public static readonly Conjunctions Instance = new();

        public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(int[] obj)
        {
            var hash = default(HashCode);
            hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(obj.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
