namespace Outerloop.Planning.Search.Space;

/// <summary>All states met so far, numbered in the order in which they came. They are kept in blocks, so that growing copies nothing.</summary>
internal sealed class StateTable(int words)
{
    private const int BlockBits = 10;
    private const int BlockMask = (1 << BlockBits) - 1;

    private readonly List<ulong[]> blocks = [];
    private int[] places = new int[1024]; // number + 1 of a state; 0 where free

    public int Count { get; private set; }

    public ReadOnlySpan<ulong> this[int state] => blocks[state >> BlockBits].AsSpan((state & BlockMask) * words, words);

    /// <summary>The number of a state, and whether it was not met before.</summary>
    public (int State, bool IsNew) Add(ReadOnlySpan<ulong> bits)
    {
        var place = PlaceOf(bits);
        if (places[place] != 0)
            return (places[place] - 1, false);
        if (Count >> BlockBits == blocks.Count)
            blocks.Add(new ulong[words << BlockBits]);
        bits.CopyTo(blocks[Count >> BlockBits].AsSpan((Count & BlockMask) * words, words));
        places[place] = ++Count;
        if (Count * 2L > places.Length)
            Grow();
        return (Count - 1, true);
    }

    private int PlaceOf(ReadOnlySpan<ulong> bits)
    {
        var place = Hash(bits) & (places.Length - 1);
        while (places[place] != 0 && !this[places[place] - 1].SequenceEqual(bits))
            place = (place + 1) & (places.Length - 1);
        return place;
    }

    private void Grow()
    {
        places = new int[places.Length * 2];
        for (var i = 0; i < Count; i++)
            places[PlaceOf(this[i])] = i + 1;
    }

    private static int Hash(ReadOnlySpan<ulong> bits)
    {
        var hash = 0x9E3779B97F4A7C15UL;
        foreach (var word in bits)
        {
            hash = (hash ^ word) * 0xD6E8FEB86659FD93UL;
            hash ^= hash >> 32;
        }

        return (int)(hash >> 20);
    }
}
