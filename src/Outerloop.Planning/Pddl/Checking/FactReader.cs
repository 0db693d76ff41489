using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>
/// Reads facts that are right, fast: initial states run to megabytes, and names are looked up without copying them. A
/// fact with any fault is left to the reader that can say what is wrong with it.
/// </summary>
internal sealed class FactReader(Domain domain, ObjectList objects)
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> predicates = domain.Predicates
        .Select((predicate, number) => (predicate.Name, number))
        .ToDictionary(p => p.Name, p => p.number, Names.Comparer)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly Dictionary<TypePair, bool> belongs = [];
    private readonly int[] arguments = new int[domain.Predicates.Select(p => p.Arity).DefaultIfEmpty().Max()];

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

    /// <summary>Adds the fact, unless it is not plainly right.</summary>
    public bool TryRead(SyntaxNode node, AtomRows facts)
    {
        var elements = node.GetEnumerator();
        if (!elements.MoveNext() || !elements.Current.IsSymbol || !predicates.TryGetValue(elements.Current.Span, out var number))
            return false;
        var predicate = domain.Predicates[number];
        if (predicate.IsDerived || !TryReadArguments(elements, predicate.Parameters))
            return false;
        facts.Add(number, arguments.AsSpan(0, predicate.Arity));
        return true;
    }

    /// <summary>The number of a predicate that is declared.</summary>
    public int NumberOf(Predicate predicate) => predicates[predicate.Name];

    private bool TryReadArguments(ElementEnumerator elements, ImmutableArray<Parameter> parameters)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            if (!elements.MoveNext() || !elements.Current.IsSymbol)
                return false;
            var thing = objects.IndexOf(elements.Current.Span);
            if (thing < 0 || !Belongs(objects.TypeOf(thing), parameters[i].Type))
                return false;
            arguments[i] = thing;
        }

        return !elements.MoveNext();
    }

    private bool Belongs(TypeName type, TypeName wanted)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(belongs, new TypePair(type, wanted), out var exists);
        if (!exists)
            known = domain.Types.Belongs(type, wanted);
        return known;
    }
}
