namespace Outerloop.Planning.Pddl.Checking;

/// <summary>The names that conditions and effects may use, by kind: kinds do not collide with each other.</summary>
internal sealed class Vocabulary
{
    private TypeHierarchy types = TypeHierarchy.Untyped;
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

    public Dictionary<string, PddlObject> Objects { get; } = new(Names.Comparer);

    /// <summary>Predicates and functions whose declaration is broken; their uses are not reported again.</summary>
    public HashSet<string> Broken { get; } = new(Names.Comparer);

    public static Vocabulary Of(Domain domain)
    {
        var vocabulary = new Vocabulary { Types = domain.Types };
        foreach (var predicate in domain.Predicates)
            vocabulary.Predicates[predicate.Name] = predicate;
        foreach (var function in domain.Functions)
            vocabulary.Functions[function.Name] = function;
        foreach (var constant in domain.Constants)
            vocabulary.Objects[constant.Name] = constant;
        return vocabulary;
    }
}
