using Microsoft.Extensions.Caching.Memory;

namespace Outerloop.Gateway.Tasks;

/// <summary>The tasks of messages that came lately: what is asked again is not read again.</summary>
internal sealed class RecentTasks : IDisposable
{
    /// <summary>Characters of the messages. A task takes some dozens of bytes for each.</summary>
    private const int MostCharacters = 1 << 21;

    private readonly MemoryCache _tasks = new(new MemoryCacheOptions { SizeLimit = MostCharacters });

    /// <summary>See <see cref="TaskInText.Find"/>.</summary>
    /// <exception cref="InputException">It is wrong, or of a domain that is not known here.</exception>
    public TaskInText? Find(string text)
    {
        if (_tasks.TryGetValue(text, out TaskInText? known))
            return known;
        TaskInText? found = TaskInText.Find(text);
        _tasks.Set(text, found, new MemoryCacheEntryOptions { Size = text.Length });
        return found;
    }

    public void Dispose() => _tasks.Dispose();
}
