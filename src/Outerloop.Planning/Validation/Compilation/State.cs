using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation.Compilation;

/// <summary>
/// A state of the world: bits for the dense relations that change (copied), and what differs from the initial state for
/// the sparse ones and for numbers. Everything static is shared. Derived facts are computed when first asked for after a
/// change of what axioms read.
/// </summary>
internal sealed class State
{
    /// <summary>Sparse facts, and numbers, that may differ from the initial state.</summary>
    private const int MostKept = 1 << 23;

    private readonly InitialState initial;
    private readonly CancellationToken cancellation;
    private readonly ulong[] bits;
    private Dictionary<Fact, bool>? sparse;
    private Dictionary<Fact, Number>? values;
    private bool derivedIsStale;

    public State(InitialState initial, CancellationToken cancellation)
    {
        this.initial = initial;
        this.cancellation = cancellation;
        bits = initial.CopyFluentBits();
        derivedIsStale = !initial.IsDerived;
    }

    public bool Holds(Relation relation, int[] terms, int[] slots)
    {
        if (relation.IsDerived && derivedIsStale)
            Derive();
        if (!relation.IsDense)
            return HoldsSparse(new Fact(relation, relation.Key(terms, slots)));
        var bit = relation.Bit(terms, slots);
        var words = relation.IsStatic ? initial.StaticBits : bits;
        return (words[bit >> 6] >> bit & 1) != 0;
    }

    /// <summary>Whether a fact holds that no axiom derives.</summary>
    public bool Holds(Fact fact)
    {
        if (!fact.Relation.IsDense)
            return HoldsSparse(fact);
        var bit = (int)fact.Place;
        var words = fact.Relation.IsStatic ? initial.StaticBits : bits;
        return (words[bit >> 6] >> bit & 1) != 0;
    }

    public void Set(Fact fact, bool value)
    {
        derivedIsStale |= fact.Relation.IsReadByAxioms && !fact.Relation.IsDerived;
        if (!fact.Relation.IsDense)
        {
            (sparse ??= [])[fact] = value;
            CheckCount(sparse.Count);
            return;
        }

        var bit = (int)fact.Place;
        if (value)
            bits[bit >> 6] |= 1UL << bit;
        else
            bits[bit >> 6] &= ~(1UL << bit);
    }

    public bool TryGetValue(Fact place, out Number value) =>
        (values is not null && values.TryGetValue(place, out value)) || initial.TryGetValue(place, out value);

    public void SetValue(Fact place, Number value)
    {
        derivedIsStale |= place.Relation.IsReadByAxioms;
        (values ??= [])[place] = value;
        CheckCount(values.Count);
    }

    /// <summary>All bits, the derived facts up to date, and the sparse facts that are derived.</summary>
    public (ulong[] Bits, IEnumerable<Fact> Sparse) Derived()
    {
        Derive();
        return (bits, sparse?.Where(s => s.Value).Select(s => s.Key) ?? []);
    }

    /// <summary>Removes all facts of derived relations.</summary>
    public void Forget(Relation[] relations)
    {
        foreach (var relation in relations)
        {
            if (!relation.IsDense)
                ForgetSparse(relation);
            for (var i = 0; relation.IsDense && i < (int)relation.Size; i++)
                Set(new Fact(relation, (ulong)(relation.FirstBit + i)), value: false);
        }
    }

    private void ForgetSparse(Relation relation)
    {
        foreach (var fact in initial.SparseFacts(relation).Concat(sparse?.Keys.Where(f => f.Relation == relation) ?? []).ToList())
            (sparse ??= [])[fact] = false;
    }

    private bool HoldsSparse(Fact fact) =>
        sparse is not null && sparse.TryGetValue(fact, out var value) ? value : initial.HoldsSparse(fact);

    private void Derive()
    {
        derivedIsStale = false;
        initial.Task.Derivation.Run(this, cancellation);
    }

    private static void CheckCount(int kept)
    {
        if (kept > MostKept)
            throw new OutgrownException($"a state differs from the initial one in more than {MostKept} facts or numbers");
    }
}
