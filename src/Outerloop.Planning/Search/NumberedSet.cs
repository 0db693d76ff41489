using System.Numerics;

namespace Outerloop.Planning.Search;

/// <summary>
/// A set of rows of one length, numbered in the order in which they came: tuples of objects, states of 64-bit words. They
/// are kept in blocks, so that growing copies nothing.
/// </summary>
/// <param name="length">Cells in a row.</param>
internal sealed class NumberedSet<T>(int length)
    where T : unmanaged, IBinaryInteger<T>
{
    private const int BlockBits = 6;
    private const int BlockMask = (1 << BlockBits) - 1;

    private readonly List<T[]> blocks = [];
    private int[] places = new int[32]; // number + 1 of a row; 0 where free

    public int Count { get; private set; }

    public ReadOnlySpan<T> this[int number] => blocks[number >> BlockBits].AsSpan((number & BlockMask) * length, length);

    /// <summary>The row's number, or -1.</summary>
    public int Find(ReadOnlySpan<T> row) => places[PlaceOf(row)] - 1;

    /// <summary>The number of a row, and whether it was not in the set before.</summary>
    public (int Number, bool IsNew) Add(ReadOnlySpan<T> row)
    {
        var place = PlaceOf(row);
        if (places[place] != 0)
            return (places[place] - 1, false);
        if (Count >> BlockBits == blocks.Count)
            blocks.Add(new T[length << BlockBits]);
        row.CopyTo(blocks[Count >> BlockBits].AsSpan((Count & BlockMask) * length, length));
        places[place] = ++Count;
        if (Count * 2L > places.Length)
            Grow();
        return (Count - 1, true);
    }

    private int PlaceOf(ReadOnlySpan<T> row)
    {
        var place = Hash(row) & (places.Length - 1);
        while (places[place] != 0 && !this[places[place] - 1].SequenceEqual(row))
            place = (place + 1) & (places.Length - 1);
        return place;
    }

    private void Grow()
    {
        places = new int[places.Length * 2];
        for (var i = 0; i < Count; i++)
            places[PlaceOf(this[i])] = i + 1;
    }

    private static int Hash(ReadOnlySpan<T> row)
    {
        var hash = 0x9E3779B97F4A7C15UL;
        foreach (var cell in row)
        {
            hash = (hash ^ ulong.CreateTruncating(cell)) * 0xD6E8FEB86659FD93UL;
            hash ^= hash >> 32;
        }

        return (int)(hash >> 20);
    }
}
