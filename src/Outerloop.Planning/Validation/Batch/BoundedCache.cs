namespace Outerloop.Planning.Validation;

/// <summary>
/// Loads each value once and keeps those used last, up to a total size; the newest is kept whatever its size. Two threads
/// that ask for the same value at once load it once, and the second waits.
/// </summary>
internal sealed class BoundedCache<TKey, TValue>(long capacity, Func<TKey, TValue> load, Func<TValue, long> sizeOf)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> entries = [];
    private readonly LinkedList<Entry> byUse = [];
    private long total;

    private sealed record Entry(TKey Key, Lazy<TValue> Value)
    {
        /// <summary>0 until the value is loaded.</summary>
        public long Size { get; set; }
    }

    public int Count => entries.Count;

    public TValue Get(TKey key)
    {
        var node = Touch(key);
        var value = node.Value.Value.Value;
        Charge(node, sizeOf(value));
        return value;
    }

    private LinkedListNode<Entry> Touch(TKey key)
    {
        lock (gate)
        {
            if (entries.TryGetValue(key, out var node))
                byUse.Remove(node);
            else
                entries[key] = node = new LinkedListNode<Entry>(new Entry(key, new Lazy<TValue>(() => load(key))));
            byUse.AddFirst(node);
            return node;
        }
    }

    private void Charge(LinkedListNode<Entry> node, long size)
    {
        lock (gate)
        {
            if (node.List is null || node.Value.Size > 0)
                return;
            node.Value.Size = size;
            total += size;
            while (total > capacity && byUse.Last is { } oldest && oldest != byUse.First)
            {
                byUse.RemoveLast();
                entries.Remove(oldest.Value.Key);
                total -= oldest.Value.Size;
            }
        }
    }
}
