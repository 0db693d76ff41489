using System.Collections.Immutable;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation.Compilation;

/// <summary>
/// Numbers the possible argument tuples of a predicate or function: the tuple (o₁ … oₖ) gets Σ rank(oᵢ)·strideᵢ, where
/// ranks count only objects of the parameter's type. A small range is kept as bits, a large one as a set of numbers.
/// </summary>
internal sealed class Relation
{
    private readonly int[][] ranks;
    private readonly int[][] members;
    private readonly UInt128[] strides;

    public Relation(int index, string name, ImmutableArray<Parameter> parameters, ObjectTable objects)
    {
        Index = index;
        Name = name;
        ranks = new int[parameters.Length][];
        members = new int[parameters.Length][];
        strides = new UInt128[parameters.Length];
        Size = UInt128.One;
        for (var i = parameters.Length - 1; i >= 0; i--)
        {
            var extent = objects.Extent(parameters[i].Type);
            (ranks[i], members[i]) = (extent.Rank, extent.Members);
            strides[i] = Size;
            Multiply((ulong)extent.Members.Length);
        }
    }

    public int Index { get; }

    public string Name { get; }

    public int Arity => ranks.Length;

    /// <summary>The number of tuples.</summary>
    public UInt128 Size { get; private set; }

    /// <summary>Whether even 128 bits cannot number the tuples.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>The first bit of the relation, or -1 where it is kept as a set.</summary>
    public int FirstBit { get; set; } = -1;

    public bool IsDense => FirstBit >= 0;

    /// <summary>Whether no action changes the relation, so that all states share it.</summary>
    public bool IsStatic { get; set; }

    public bool IsDerived { get; init; }

    /// <summary>Whether derived facts depend on the relation.</summary>
    public bool IsReadByAxioms { get; set; }

    /// <summary>The bit of a tuple of a dense relation.</summary>
    public int Bit(int[] terms, int[] slots)
    {
        var bit = FirstBit;
        for (var i = 0; i < terms.Length; i++)
            bit += ranks[i][Terms.Resolve(terms[i], slots)] * (int)strides[i];
        return bit;
    }

    public UInt128 Key(int[] terms, int[] slots)
    {
        var key = UInt128.Zero;
        for (var i = 0; i < terms.Length; i++)
            key += (ulong)ranks[i][Terms.Resolve(terms[i], slots)] * strides[i];
        return key;
    }

    /// <summary>The place of a tuple of objects in the state.</summary>
    public UInt128 PlaceOf(ReadOnlySpan<int> objects)
    {
        var place = UInt128.Zero;
        for (var i = 0; i < objects.Length; i++)
            place += (ulong)ranks[i][objects[i]] * strides[i];
        return IsDense ? place + (ulong)FirstBit : place;
    }

    /// <summary>The tuple of objects that has a place in the state.</summary>
    public int[] ArgumentsOf(UInt128 place)
    {
        var number = IsDense ? place - (ulong)FirstBit : place;
        return [.. strides.Select((stride, i) => members[i][(int)(number / stride % (ulong)members[i].Length)])];
    }

    /// <summary>The tuple's place in the state, whichever way it is kept.</summary>
    public Fact FactOf(int[] terms, int[] slots) =>
        IsDense ? new Fact(this, (ulong)Bit(terms, slots)) : new Fact(this, Key(terms, slots));

    private void Multiply(ulong count)
    {
        if (count != 0 && Size > UInt128.MaxValue / count)
            IsTooLarge = true;
        else
            Size *= count;
    }
}

/// <summary>A ground fact: the bit of a dense relation, or the tuple's number in a sparse one.</summary>
internal readonly record struct Fact(Relation Relation, UInt128 Place);

/// <summary>A term as one number: a slot of the frame, or the complement of an object's number.</summary>
internal static class Terms
{
    public static int Object(int index) => ~index;

    public static int Resolve(int term, int[] slots) => term >= 0 ? slots[term] : ~term;
}
