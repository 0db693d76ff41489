using Microsoft.Extensions.Caching.Memory;

namespace Outerloop.Gateway.Tasks;

/// <summary>
/// The tasks of messages that came lately: what is asked often is not read each time. Kept from the second time on, since most that is
/// asked once never comes again, and to keep it would cost more than to read it.
/// </summary>
internal sealed class RecentTasks : IDisposable
{
    /// <summary>Characters of the messages. A task takes some dozens of bytes for each.</summary>
    private const int MostCharacters = 1 << 21;

    /// <summary>Hashes of messages that came lately, each where it belongs by its last bits.</summary>
    private readonly ulong[] _seen = new ulong[1 << 14];

    private readonly MemoryCache _tasks = new(new MemoryCacheOptions { SizeLimit = MostCharacters });

    /// <summary>See <see cref="TaskInText.Find"/>.</summary>
    /// <exception cref="InputException">It is wrong, or of a domain that is not known here.</exception>
    public TaskInText? Find(string text)
    {
        if (_tasks.TryGetValue(text, out TaskInText? known))
            return known;
        TaskInText? found = TaskInText.Find(text);
        if (WasSeen(text))
            _tasks.Set(text, found, new MemoryCacheEntryOptions { Size = text.Length });
        return found;
    }

    public void Dispose() => _tasks.Dispose();

    /// <summary>Whether a message came lately; another of the same hash is taken for it, which does no harm.</summary>
    private bool WasSeen(string text)
    {
        ulong hash = ((ulong)text.Length << 32) | (uint)text.GetHashCode(StringComparison.Ordinal);
        return Interlocked.Exchange(ref _seen[hash % (ulong)_seen.Length], hash) == hash;
    }
}
