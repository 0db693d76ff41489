using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>
/// Reads facts that are right, fast: initial states run to megabytes, and names are looked up without copying them. A
/// fact with any fault is left to the reader that can say what is wrong with it.
/// </summary>
internal sealed class FactReader(Vocabulary vocabulary)
{
    private readonly Dictionary<string, Predicate>.AlternateLookup<ReadOnlySpan<char>> predicates =
        vocabulary.Predicates.GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly Dictionary<string, PddlObject>.AlternateLookup<ReadOnlySpan<char>> objects =
        vocabulary.Objects.GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly Dictionary<TypePair, bool> belongs = [];

    /// <summary>Two types by identity; the objects and parameters declared together share theirs.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly struct TypePair(TypeName type, TypeName wanted) : IEquatable<TypePair>
    {
        private readonly TypeName type = type;
        private readonly TypeName wanted = wanted;

        public bool Equals(TypePair other) => ReferenceEquals(type, other.type) && ReferenceEquals(wanted, other.wanted);

        public override bool Equals(object? obj) => obj is TypePair other && Equals(other);

        public override int GetHashCode() => (RuntimeHelpers.GetHashCode(type) * 31) ^ RuntimeHelpers.GetHashCode(wanted);
    }

    /// <summary>The fact, or null if it is not plainly right.</summary>
    public GroundAtom? Read(SyntaxNode node)
    {
        var elements = node.Children();
        if (!elements.MoveNext() || !elements.Current.IsSymbol || !predicates.TryGetValue(elements.Current.Span, out var predicate))
            return null;
        if (predicate.IsDerived || Arguments(elements, predicate.Parameters) is not { } arguments)
            return null;
        return new GroundAtom(predicate, ImmutableCollectionsMarshal.AsImmutableArray(arguments));
    }

    private PddlObject[]? Arguments(SyntaxNode.ChildEnumerator elements, ImmutableArray<Parameter> parameters)
    {
        var arguments = parameters.IsEmpty ? [] : new PddlObject[parameters.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!elements.MoveNext() || !elements.Current.IsSymbol || !objects.TryGetValue(elements.Current.Span, out var thing))
                return null;
            if (!Belongs(thing.Type, parameters[i].Type))
                return null;
            arguments[i] = thing;
        }

        return elements.MoveNext() ? null : arguments;
    }

    private bool Belongs(TypeName type, TypeName wanted)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(belongs, new TypePair(type, wanted), out var exists);
        if (!exists)
            known = vocabulary.Types.Belongs(type, wanted);
        return known;
    }
}
