namespace Outerloop.Model.Tokenization.BytePairs;

/// <summary>
/// Tokens of words met lately. A word has one slot, which the latest word of that slot holds; entries are immutable and
/// replaced whole, so that threads may share the cache. What it holds changes the time of an encoding and nothing else.
/// </summary>
internal sealed class WordCache
{
    private const int Slots = 1 << 15;

    /// <summary>UTF-16 units. Longer words are rare and would fill the memory.</summary>
    private const int LongestWord = 64;

    private readonly Entry?[] _slots = new Entry?[Slots];

    /// <summary>Null for a word that is not there.</summary>
    public int[]? Find(ReadOnlySpan<char> word) =>
        word.Length <= LongestWord && Volatile.Read(ref _slots[Slot(word)]) is { } entry && word.SequenceEqual(entry.Word) ? entry.Tokens : null;

    public void Add(ReadOnlySpan<char> word, ReadOnlySpan<int> tokens)
    {
        if (word.Length <= LongestWord)
            Volatile.Write(ref _slots[Slot(word)], new Entry(word.ToString(), tokens.ToArray()));
    }

    private static int Slot(ReadOnlySpan<char> word) => string.GetHashCode(word, StringComparison.Ordinal) & (Slots - 1);

    private sealed record Entry(string Word, int[] Tokens);
}
