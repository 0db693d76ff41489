namespace Outerloop.Planning.Search.Space;

/// <summary>What waits to be looked at: the least key first, and of equal keys the one that came first.</summary>
internal sealed class OpenList<TKey, TItem>
    where TKey : struct, IEquatable<TKey>, IComparable<TKey>
{
    private readonly Dictionary<TKey, Queue<TItem>> buckets = [];
    private readonly PriorityQueue<Queue<TItem>, TKey> keys = new();

    public int Count { get; private set; }

    public void Push(TKey key, TItem item)
    {
        if (!buckets.TryGetValue(key, out var bucket))
            buckets[key] = bucket = new Queue<TItem>();
        if (bucket.Count == 0)
            keys.Enqueue(bucket, key);
        bucket.Enqueue(item);
        Count++;
    }

    public bool TryPop(out TItem item)
    {
        item = default!;
        if (!keys.TryPeek(out var bucket, out _))
            return false;
        item = bucket.Dequeue();
        Count--;
        if (bucket.Count == 0)
            keys.Dequeue();
        return true;
    }
}
