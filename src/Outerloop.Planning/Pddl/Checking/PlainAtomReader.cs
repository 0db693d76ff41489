using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>
/// Reads predicates or functions applied to objects where nothing is wrong with them, fast: initial states run to
/// megabytes, and names are looked up without copying them. An atom with any fault is left to the reader that can say
/// what it is.
/// </summary>
/// <param name="symbols">The predicates or functions, in the order of their declaration.</param>
/// <param name="objects">The objects that they can be applied to.</param>
/// <param name="types">Says which objects fit.</param>
internal sealed class PlainAtomReader(PlainSymbol[] symbols, ObjectList objects, TypeHierarchy types)
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> numberOf = symbols
        .Select((symbol, number) => (symbol.Name, number))
        .ToDictionary(s => s.Name, s => s.number, Names.Comparer)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly Dictionary<TypePair, bool> belongs = [];
    private readonly int[] arguments = new int[symbols.Select(s => s.Parameters.Length).DefaultIfEmpty().Max()];

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

    /// <summary>Adds the atom, unless it is not plainly right.</summary>
    public bool TryRead(SyntaxNode node, AtomRows atoms)
    {
        var elements = node.GetEnumerator();
        if (!elements.MoveNext() || !elements.Current.IsSymbol || !numberOf.TryGetValue(elements.Current.Span, out var number))
            return false;
        var parameters = symbols[number].Parameters;
        if (!symbols[number].CanBeStated || !TryReadArguments(elements, parameters))
            return false;
        atoms.Add(number, arguments.AsSpan(0, parameters.Length));
        return true;
    }

    /// <summary>The number of a symbol that is declared.</summary>
    public int NumberOf(string symbol) => numberOf[symbol];

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
            known = types.Belongs(type, wanted);
        return known;
    }
}

/// <summary>A predicate or function that initial states apply to objects.</summary>
/// <param name="Name">As declared.</param>
/// <param name="Parameters">As declared.</param>
/// <param name="CanBeStated">Whether initial states may do that: what is derived cannot be stated.</param>
internal sealed record PlainSymbol(string Name, ImmutableArray<Parameter> Parameters, bool CanBeStated);
