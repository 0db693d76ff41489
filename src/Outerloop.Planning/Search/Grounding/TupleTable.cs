namespace Outerloop.Planning.Search.Grounding;

/// <summary>A set of tuples of one length, numbered in the order in which they came.</summary>
internal sealed class TupleTable(int arity)
{
    private int[] cells = new int[16 * arity];
    private int[] places = new int[32]; // index + 1 of a tuple; 0 where free

    public int Count { get; private set; }

    public ReadOnlySpan<int> this[int index] => cells.AsSpan(index * arity, arity);

    /// <summary>The tuple's number, or -1.</summary>
    public int Find(ReadOnlySpan<int> tuple) => places[PlaceOf(tuple)] - 1;

    public bool Add(ReadOnlySpan<int> tuple)
    {
        var place = PlaceOf(tuple);
        if (places[place] != 0)
            return false;
        if ((Count + 1) * arity > cells.Length)
            Array.Resize(ref cells, Math.Max(16, cells.Length * 2));
        tuple.CopyTo(cells.AsSpan(Count * arity));
        places[place] = ++Count;
        if (Count * 2 > places.Length)
            Grow();
        return true;
    }

    private int PlaceOf(ReadOnlySpan<int> tuple)
    {
        var place = Hash(tuple) & (places.Length - 1);
        while (places[place] != 0 && !this[places[place] - 1].SequenceEqual(tuple))
            place = (place + 1) & (places.Length - 1);
        return place;
    }

    private void Grow()
    {
        places = new int[places.Length * 2];
        for (var i = 0; i < Count; i++)
            places[PlaceOf(this[i])] = i + 1;
    }

    private static int Hash(ReadOnlySpan<int> tuple)
    {
        var hash = 0x9E3779B97F4A7C15UL;
        foreach (var cell in tuple)
            hash = (hash ^ (uint)cell) * 0xD6E8FEB86659FD93UL;
        return (int)(hash >> 32);
    }
}
