using System.Collections.Immutable;
using System.Text;

namespace Outerloop.Model.Tokenization.BytePairs;

/// <summary>
/// Makes a tokenizer from texts (Sennrich, Haddow and Birch 2016, over bytes), with Qwen2's cut into words. The same texts
/// give the same tokenizer in whatever order they come.
/// </summary>
public static class BytePairTrainer
{
    /// <summary>The bytes in the order of their letters, as others' vocabularies begin.</summary>
    private static readonly ImmutableArray<string> ByteTokens =
        [.. Enumerable.Range(0, 256).Select(value => ByteAlphabet.Letter((byte)value).ToString()).Order(StringComparer.Ordinal)];

    /// <param name="texts">Read once.</param>
    /// <param name="vocabularySize">
    /// Tokens wanted, with the 256 bytes and the special tokens; fewer come out where no pair of tokens occurs twice any more.
    /// </param>
    /// <param name="specialTokens">
    /// Get the last ids; nothing is learnt from or across their spellings. The first ends a text; without any it is
    /// <c>&lt;|endoftext|&gt;</c>.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The size leaves no room for the bytes, or a special token is empty or spelled as another token is.
    /// </exception>
    public static BytePairTokenizer Train(IEnumerable<string> texts, int vocabularySize, IReadOnlyList<string>? specialTokens = null)
    {
        specialTokens = specialTokens is { Count: > 0 } ? specialTokens : [WordTokenizer.EndOfTextToken];
        if (vocabularySize < ByteTokens.Length + specialTokens.Count)
            throw new ArgumentException($"{vocabularySize} tokens leave no room for 256 bytes and {specialTokens.Count} special tokens", nameof(vocabularySize));
        if (specialTokens.Contains(""))
            throw new ArgumentException("a special token is empty", nameof(specialTokens));
        BytePairVocabulary bytes = Vocabulary(ByteTokens, [], specialTokens);
        var learner = new MergeLearner(ByteTokens);
        foreach ((string word, long count) in CountWords(texts, new TextSegmenter(bytes), bytes.Pattern))
            learner.Add(ByteAlphabet.Spell(Encoding.UTF8.GetBytes(word)), count);
        learner.Learn(vocabularySize - specialTokens.Count);
        return new BytePairTokenizer(Vocabulary(learner.Tokens, learner.Merges, specialTokens));
    }

    private static Dictionary<string, long> CountWords(IEnumerable<string> texts, TextSegmenter segmenter, WordPattern pattern)
    {
        var counts = new Dictionary<string, long>();
        Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> bySpan = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (Stretch stretch in texts.SelectMany(segmenter.Cut).Where(stretch => stretch.TokenId < 0))
        {
            for (int start = 0; start < stretch.Text.Length;)
            {
                int end = pattern.WordEnd(stretch.Text, start);
                ReadOnlySpan<char> word = stretch.Text.AsSpan()[start..end];
                bySpan[word] = bySpan.TryGetValue(word, out long count) ? count + 1 : 1;
                start = end;
            }
        }

        return counts;
    }

    private static BytePairVocabulary Vocabulary(ImmutableArray<string> tokens, ImmutableArray<Merge> merges, IReadOnlyList<string> special) => new()
    {
        Tokens = [.. tokens, .. special],
        Merges = merges,
        Added = [.. special.Select((content, index) => new AddedToken(tokens.Length + index, content) { Special = true })],
        Pattern = WordPattern.Qwen2,
        EndOfText = tokens.Length,
    };
}
