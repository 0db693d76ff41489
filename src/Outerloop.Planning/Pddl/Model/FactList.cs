using System.Collections;
using System.Collections.Immutable;

namespace Outerloop.Planning.Pddl;

/// <summary>The facts of an initial state in the order written, kept as numbers and handed out as atoms.</summary>
public sealed class FactList : IEnumerable<GroundAtom>
{
    private readonly ImmutableArray<Predicate> predicates;
    private readonly ObjectList objects;

    internal FactList(ImmutableArray<Predicate> predicates, ObjectList objects)
    {
        (this.predicates, this.objects) = (predicates, objects);
        Rows = new AtomRows([.. predicates.Select(p => p.Arity)]);
    }

    public int Length => Rows.Count;

    /// <summary>Numbers of predicates and of objects, in the order in which domain and problem have them.</summary>
    internal AtomRows Rows { get; }

    public IEnumerator<GroundAtom> GetEnumerator()
    {
        foreach (var row in Rows)
            yield return AtomOf(row);
    }

    internal GroundAtom AtomOf(AtomRows.Enumerator row) => new(predicates[row.Symbol], objects.Select(row.Arguments));

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
