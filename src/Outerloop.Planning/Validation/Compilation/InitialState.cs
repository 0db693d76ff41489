using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation.Compilation;

/// <summary>The initial state, shared by the validations of all plans of a problem and never changed.</summary>
internal sealed class InitialState
{
    private ulong[] fluentBits;
    private readonly ulong[] staticBits;
    private readonly HashSet<Fact> sparse = [];
    private readonly Dictionary<Fact, Number> values = [];

    public InitialState(CompiledTask task, Problem problem)
    {
        Task = task;
        fluentBits = new ulong[Words(task.Relations.FluentBits)];
        staticBits = new ulong[Words(task.Relations.StaticBits)];
        foreach (var atom in problem.Init)
            Add(task.Relations.Of(atom.Predicate), Arguments(atom.Arguments));
        foreach (var function in problem.Domain.Functions.Where(f => f.IsTotalCost))
            values[task.Relations.Of(function).FactOf([], [])] = Number.Zero;
        foreach (var value in problem.InitialValues)
            values[task.Relations.Of(value.Function).FactOf(Arguments(value.Arguments), [])] = value.Value;
    }

    public CompiledTask Task { get; }

    /// <summary>Whether derived facts are included, so that states need not compute them again.</summary>
    public bool IsDerived { get; private set; }

    public ulong[] StaticBits => staticBits;

    public HashSet<Fact> Sparse => sparse;

    public Dictionary<Fact, Number> Values => values;

    /// <summary>Computes the derived facts of the initial state once for all plans.</summary>
    public void Derive(CancellationToken cancellation)
    {
        (fluentBits, var derived) = new State(this, cancellation).Derived();
        sparse.UnionWith(derived);
        IsDerived = true;
    }

    public ulong[] CopyFluentBits() => (ulong[])fluentBits.Clone();

    private void Add(Relation relation, int[] terms)
    {
        var fact = relation.FactOf(terms, []);
        if (!relation.IsDense)
        {
            sparse.Add(fact);
            return;
        }

        var bit = (int)fact.Place;
        (relation.IsStatic ? staticBits : fluentBits)[bit >> 6] |= 1UL << bit;
    }

    private int[] Arguments(IReadOnlyList<PddlObject> objects)
    {
        var terms = new int[objects.Count];
        for (var i = 0; i < terms.Length; i++)
            terms[i] = Terms.Object(Task.Objects.IndexOf(objects[i]));
        return terms;
    }

    private static int Words(int bits) => (bits + 63) >> 6;
}
