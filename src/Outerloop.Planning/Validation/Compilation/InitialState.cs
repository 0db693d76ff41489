using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation.Compilation;

/// <summary>The initial state, shared by the validations of all plans of a problem and never changed.</summary>
internal sealed class InitialState
{
    private readonly HashSet<UInt128>?[] sparse;
    private readonly Dictionary<UInt128, Number>[] values;
    private readonly ulong[] staticBits;
    private ulong[] fluentBits;

    public InitialState(CompiledTask task, Problem problem)
    {
        Task = task;
        fluentBits = new ulong[Words(task.Relations.FluentBits)];
        staticBits = new ulong[Words(task.Relations.StaticBits)];
        // Of the right size from the start: a set that grows takes three times as much on its way.
        var counts = problem.Init.Rows.CountBySymbol();
        sparse = [.. task.Relations.OfPredicates.Select((r, i) => r.IsDense || counts[i] == 0 ? null : new HashSet<UInt128>(counts[i]))];
        foreach (var row in problem.Init.Rows)
            Add(task.Relations.OfPredicates[row.Symbol], row.Arguments);
        values = [.. problem.InitialValues.Rows.CountBySymbol().Select(count => new Dictionary<UInt128, Number>(count))];
        foreach (var function in problem.Domain.Functions.Where(f => f.IsTotalCost))
            values[task.Relations.Of(function).Index][UInt128.Zero] = Number.Zero;
        var index = 0;
        foreach (var row in problem.InitialValues.Rows)
            values[row.Symbol][task.Relations.OfFunctions[row.Symbol].PlaceOf(row.Arguments)] = problem.InitialValues.Numbers[index++];
    }

    public CompiledTask Task { get; }

    /// <summary>Whether derived facts are included, so that states need not compute them again.</summary>
    public bool IsDerived { get; private set; }

    public ulong[] StaticBits => staticBits;

    /// <summary>Whether a fact holds that is not kept as a bit.</summary>
    public bool HoldsSparse(Fact fact) => sparse[fact.Relation.Index]?.Contains(fact.Place) ?? false;

    /// <summary>The facts of a relation that is not kept as bits.</summary>
    public IEnumerable<Fact> SparseFacts(Relation relation) => (sparse[relation.Index] ?? []).Select(place => new Fact(relation, place));

    public bool TryGetValue(Fact fact, out Number value) => values[fact.Relation.Index].TryGetValue(fact.Place, out value);

    /// <summary>Computes the derived facts of the initial state once for all plans.</summary>
    public void Derive(CancellationToken cancellation)
    {
        (fluentBits, var derived) = new State(this, cancellation).Derived();
        foreach (var fact in derived)
            (sparse[fact.Relation.Index] ??= []).Add(fact.Place);
        IsDerived = true;
    }

    public ulong[] CopyFluentBits() => (ulong[])fluentBits.Clone();

    private void Add(Relation relation, ReadOnlySpan<int> arguments)
    {
        var place = relation.PlaceOf(arguments);
        if (relation.IsDense)
            (relation.IsStatic ? staticBits : fluentBits)[(int)place >> 6] |= 1UL << (int)place;
        else
            sparse[relation.Index]!.Add(place);
    }

    private static int Words(int bits) => (bits + 63) >> 6;
}
