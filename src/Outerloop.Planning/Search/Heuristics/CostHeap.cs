namespace Outerloop.Planning.Search.Heuristics;

/// <summary>A binary heap of facts by cost; of equal costs the lesser fact comes first.</summary>
internal sealed class CostHeap
{
    private const int FactBits = 24;

    private ulong[] entries = new ulong[64];
    private int count;

    public void Clear() => count = 0;

    public void Push(long cost, int fact)
    {
        if (count == entries.Length)
            Array.Resize(ref entries, count * 2);
        var entry = ((ulong)cost << FactBits) | (uint)fact;
        var at = count++;
        while (at > 0 && entries[(at - 1) >> 1] > entry)
        {
            entries[at] = entries[(at - 1) >> 1];
            at = (at - 1) >> 1;
        }

        entries[at] = entry;
    }

    public bool TryPop(out long cost, out int fact)
    {
        (cost, fact) = (0, 0);
        if (count == 0)
            return false;
        (cost, fact) = ((long)(entries[0] >> FactBits), (int)(entries[0] & ((1 << FactBits) - 1)));
        SiftDown(entries[--count]);
        return true;
    }

    private void SiftDown(ulong entry)
    {
        var at = 0;
        while (2 * at + 1 < count)
        {
            var child = 2 * at + 1;
            if (child + 1 < count && entries[child + 1] < entries[child])
                child++;
            if (entries[child] >= entry)
                break;
            entries[at] = entries[child];
            at = child;
        }

        entries[at] = entry;
    }
}
