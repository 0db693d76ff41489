using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Outerloop.Model.Tokenization;
using Outerloop.Model.Tokenization.BytePairs;

namespace Outerloop.Model.Tests.Tokenization.BytePairs;

public sealed class BytePairTrainerTests
{
    [Property(MaxTest = 30)]
    public Property A_trained_tokenizer_reads_back_from_its_file(int size) => Prop.ForAll(
        RandomTexts.Scalars.Generator.ListOf().ToArbitrary(), RandomTexts.Scalars, (texts, text) =>
        {
            BytePairTokenizer trained = BytePairTrainer.Train(texts, 257 + (int)((uint)size % 200));
            byte[] bytes = SmallTokenizers.Bytes(trained);
            ITokenizer read = SmallTokenizers.Read(bytes);
            return SmallTokenizers.Bytes(read).SequenceEqual(bytes)
                && texts.Append(text).All(sample => read.Encode(sample).SequenceEqual(trained.Encode(sample)));
        });

    /// <summary>Words: low ×5, lower ×2, newest ×6, widest ×3, each after a space or at the start.</summary>
    [Fact]
    public void The_most_frequent_pair_is_merged_first_and_of_equals_the_one_of_the_lowest_ids()
    {
        string[] texts = [.. Repeat("low", 5), .. Repeat("lower", 2), .. Repeat("newest", 6), .. Repeat("widest", 3)];
        BytePairTokenizer trained = BytePairTrainer.Train(texts, 257 + 5);
        // e-s and s-t 9 times; w-e falls from 8 to 2 with the first merge; e-w, n-e and w-est 6 times.
        Assert.Equal(["es", "est", "lo", "low", "ew"], trained.Vocabulary.Tokens.AsSpan(256, 5).ToArray());
    }

    [Fact]
    public void The_order_of_the_texts_does_not_matter()
    {
        string[] texts = [.. Enumerable.Range(0, 200).Select(i => $"text {i % 7} of {i * i % 31} and {i % 3}")];
        Assert.Equal(
            SmallTokenizers.Bytes(BytePairTrainer.Train(texts, 400)),
            SmallTokenizers.Bytes(BytePairTrainer.Train(texts.Reverse(), 400)));
    }

    /// <summary>The incremental counts against counting anew: each merge is of a pair that was then the most frequent.</summary>
    [Property(MaxTest = 50)]
    public Property Each_merge_was_of_a_most_frequent_pair() => Prop.ForAll(
        Gen.Elements("a", "b", "ab", "ba", "aa", " ").ListOf().Select(pieces => string.Concat(pieces)).ToArbitrary(),
        text =>
        {
            BytePairVocabulary learnt = BytePairTrainer.Train([text], 270).Vocabulary;
            return Enumerable.Range(0, learnt.Merges.Length).All(rank =>
            {
                Dictionary<TokenPair, int> counts = CountPairs(text, learnt with { Merges = learnt.Merges[..rank] });
                return counts[learnt.Merges[rank].Pair] == counts.Values.Max();
            });
        });

    [Fact]
    public void Nothing_is_learnt_from_special_tokens()
    {
        BytePairTokenizer trained = BytePairTrainer.Train(Repeat("<|turn|>", 10), 300, ["<|turn|>"]);
        Assert.Empty(trained.Vocabulary.Merges);
        Assert.Equal(257, trained.VocabularySize);
        Assert.Equal(256, trained.EndOfText);
        Assert.Equal([256, 256], trained.Encode("<|turn|><|turn|>"));
    }

    [Fact]
    public void The_vocabulary_is_as_large_as_wanted_where_the_texts_allow()
    {
        string text = string.Join(' ', Enumerable.Range(0, 3000).Select(i => $"w{(char)('a' + i % 26)}{(char)('a' + i % 19)}"));
        Assert.Equal(300, BytePairTrainer.Train([text], 300).VocabularySize);
        Assert.Equal(257, BytePairTrainer.Train([], 300).VocabularySize);
        Assert.Equal(257, BytePairTrainer.Train(["a\u0301b c"], 300).VocabularySize);
    }

    [Theory]
    [InlineData(256, "<end>")]
    [InlineData(300, "")]
    [InlineData(300, "a")]
    [InlineData(300, "<end>|<end>")]
    public void An_impossible_vocabulary_is_refused(int size, string special) =>
        Assert.Throws<ArgumentException>(() => BytePairTrainer.Train(["text"], size, special.Split('|')));

    private static IEnumerable<string> Repeat(string text, int count) => Enumerable.Repeat(text, count);

    private static Dictionary<TokenPair, int> CountPairs(string text, BytePairVocabulary vocabulary)
    {
        var counts = new Dictionary<TokenPair, int>();
        foreach (string word in ReferenceBytePairs.Words(text, vocabulary.Pattern))
        {
            int[] tokens = [.. ReferenceBytePairs.EncodeWord(word, vocabulary)];
            foreach ((int left, int right) in tokens.Zip(tokens.Skip(1)))
                counts[new TokenPair(left, right)] = counts.GetValueOrDefault(new TokenPair(left, right)) + 1;
        }

        return counts;
    }
}
