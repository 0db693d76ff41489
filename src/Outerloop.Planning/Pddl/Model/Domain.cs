using System.Collections.Immutable;

namespace Outerloop.Planning.Pddl;

/// <summary>A planning domain, type-checked: every name in its conditions and effects is declared and fits.</summary>
public sealed record Domain
{
    public required string Name { get; init; }

    /// <summary>Requirement flags as written, without the ':'.</summary>
    public ImmutableArray<string> Requirements { get; init; } = [];

    public TypeHierarchy Types { get; init; } = TypeHierarchy.Untyped;

    public ObjectList Constants { get; init; } = ObjectList.Empty;

    public ImmutableArray<Predicate> Predicates { get; init; } = [];

    public ImmutableArray<Function> Functions { get; init; } = [];

    public ImmutableArray<Axiom> Axioms { get; init; } = [];

    public ImmutableArray<ActionSchema> Actions { get; init; } = [];

    /// <summary>What the text uses and this system does not implement; its plans get the verdict <c>unsupported</c>.</summary>
    public ImmutableArray<UnsupportedFeature> Unsupported { get; init; } = [];

    public Predicate? FindPredicate(string name) => Predicates.FirstOrDefault(p => Names.Same(p.Name, name));

    public ActionSchema? FindAction(string name) => Actions.FirstOrDefault(a => Names.Same(a.Name, name));

    public override string ToString() => Name;
}
