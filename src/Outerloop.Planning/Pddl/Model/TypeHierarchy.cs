using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Outerloop.Planning.Pddl;

/// <summary>A declared type and the type that it specialises.</summary>
public sealed record TypeDeclaration(string Name, TypeName Parent);

/// <summary>
/// The declared types, in order of declaration. Every type is a subtype of <c>object</c>; one with an either-parent, or
/// declared twice, is a subtype of each parent.
/// </summary>
public sealed class TypeHierarchy
{
    public static readonly TypeHierarchy Untyped = new([]);

    private readonly FrozenDictionary<string, ImmutableArray<string>> parents;
    private readonly ILookup<string, string> children;
    private readonly ConcurrentDictionary<string, HashSet<string>> below = new(Names.Comparer);

    public TypeHierarchy(ImmutableArray<TypeDeclaration> declarations)
    {
        Declarations = declarations;
        parents = declarations
            .GroupBy(d => d.Name, Names.Comparer)
            .ToFrozenDictionary(g => g.Key, g => g.SelectMany(d => d.Parent.Alternatives).ToImmutableArray(), Names.Comparer);
        children = declarations
            .SelectMany(d => d.Parent.Alternatives.Select(parent => (parent, d.Name)))
            .ToLookup(pair => pair.parent, pair => pair.Name, Names.Comparer);
    }

    public ImmutableArray<TypeDeclaration> Declarations { get; }

    /// <summary>All names that can be used as types: those declared, those named as a parent, and <c>object</c>.</summary>
    public IEnumerable<string> AllNames =>
        parents.Keys.Concat(parents.Values.SelectMany(p => p)).Append(TypeName.ObjectName).Distinct(Names.Comparer);

    /// <summary>Whether every object of <paramref name="narrow"/> is an object of <paramref name="wide"/>.</summary>
    public bool IsSubtype(TypeName narrow, TypeName wide) =>
        wide.IsObject || narrow.Alternatives.All(n => wide.Alternatives.Any(w => IsSubtype(n, w)));

    /// <summary>Whether an object declared with <paramref name="type"/> belongs to <paramref name="wanted"/>.</summary>
    public bool Belongs(TypeName type, TypeName wanted) =>
        wanted.IsObject || type.Alternatives.Any(n => wanted.Alternatives.Any(w => IsSubtype(n, w)));

    /// <summary>Whether <paramref name="narrow"/> is <paramref name="wide"/> or below it.</summary>
    public bool IsSubtype(string narrow, string wide) =>
        Names.Same(wide, TypeName.ObjectName) || Names.Same(narrow, wide) || below.GetOrAdd(wide, Descendants).Contains(narrow);

    /// <summary>The direct parents of a type; none for <c>object</c> and for a type named only as a parent.</summary>
    internal ImmutableArray<string> Parents(string name) => parents.TryGetValue(name, out var found) ? found : [];

    /// <summary>All types below one, found once per type that is asked for, so that a long chain costs no more than its length.</summary>
    private HashSet<string> Descendants(string name)
    {
        var seen = new HashSet<string>(Names.Comparer);
        var open = new Stack<string>();
        open.Push(name);
        while (open.TryPop(out var current))
        {
            foreach (var child in children[current].Where(seen.Add))
                open.Push(child);
        }

        return seen;
    }
}
