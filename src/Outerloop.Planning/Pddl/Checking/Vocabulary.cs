using System.Collections.Immutable;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>The names that conditions and effects may use, by kind: kinds do not collide with each other.</summary>
internal sealed class Vocabulary
{
    private TypeHierarchy types = TypeHierarchy.Untyped;
    private readonly Dictionary<int, ObjectTerm> terms = [];
    private HashSet<string>? typeNames;

    public TypeHierarchy Types
    {
        get => types;
        set => (types, typeNames) = (value, null);
    }

    /// <summary>All names that can be used as types.</summary>
    public HashSet<string> TypeNames => typeNames ??= Types.AllNames.ToHashSet(Names.Comparer);

    public Dictionary<string, Predicate> Predicates { get; } = new(Names.Comparer);

    public Dictionary<string, Function> Functions { get; } = new(Names.Comparer);

    public ObjectList Objects { get; set; } = ObjectList.Empty;

    /// <summary>One term for each object, however often conditions mention it.</summary>
    public ObjectTerm TermOf(int thing)
    {
        if (!terms.TryGetValue(thing, out var term))
            terms[thing] = term = new ObjectTerm(Objects[thing]);
        return term;
    }

    /// <summary>The numbers of objects that conditions mention; null if one of the terms is a variable.</summary>
    public int[]? NumbersOf(ImmutableArray<Term> terms) => terms.All(t => t is ObjectTerm)
        ? [.. terms.Select(t => Objects.IndexOf(((ObjectTerm)t).Object.Name))]
        : null;

    /// <summary>Predicates and functions whose declaration is broken; their uses are not reported again.</summary>
    public HashSet<string> Broken { get; } = new(Names.Comparer);

    public static Vocabulary Of(Domain domain)
    {
        var vocabulary = new Vocabulary { Types = domain.Types, Objects = domain.Constants };
        foreach (var predicate in domain.Predicates)
            vocabulary.Predicates[predicate.Name] = predicate;
        foreach (var function in domain.Functions)
            vocabulary.Functions[function.Name] = function;
        return vocabulary;
    }
}
