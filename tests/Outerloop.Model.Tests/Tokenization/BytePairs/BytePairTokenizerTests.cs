using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Outerloop.Model.Tokenization;
using Outerloop.Model.Tokenization.BytePairs;
using Outerloop.Model.Tokenization.Unicode;

namespace Outerloop.Model.Tests.Tokenization.BytePairs;

public sealed class BytePairTokenizerTests
{
    private static readonly BytePairTokenizer Small = SmallTokenizers.Trained;

    [Property(MaxTest = 500)]
    public Property Decoding_undoes_encoding_up_to_composition() => Prop.ForAll(RandomTexts.Scalars, text =>
    {
        string without = text.Replace('<', '(');
        return Small.Decode(Small.Encode(without)) == CanonicalComposition.Compose(without);
    });

    [Property(MaxTest = 500)]
    public Property With_added_tokens_what_lies_between_them_is_composed() => Prop.ForAll(RandomTexts.Scalars, text =>
        CanonicalComposition.Compose(Small.Decode(Small.Encode(text))) == CanonicalComposition.Compose(text));

    [Fact]
    public void A_mark_after_an_added_token_stays_a_mark() =>
        Assert.Equal("<|im_end|>\u0338\u226F", Small.Decode(Small.Encode("<|im_end|>\u0338>\u0338")));

    [Property]
    public Property A_lone_surrogate_is_read_as_the_replacement_character() => Prop.ForAll(RandomTexts.Units, text =>
        Small.Decode(Small.Encode(text)) == CanonicalComposition.Compose(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))));

    [Property(MaxTest = 300)]
    public Property The_slow_twin_encodes_alike(bool qwen) => Prop.ForAll(RandomTexts.Scalars, text =>
    {
        WordPattern pattern = qwen ? WordPattern.Qwen2 : WordPattern.Gpt2;
        BytePairTokenizer tokenizer = SmallTokenizers.With([], vocabulary => vocabulary with { Pattern = pattern, Added = [], Composes = false });
        IEnumerable<int> expected = ReferenceBytePairs.Words(text, pattern).SelectMany(word => ReferenceBytePairs.EncodeWord(word, tokenizer.Vocabulary));
        return tokenizer.Encode(text).SequenceEqual(expected);
    });

    [Property]
    public Property Decoding_token_by_token_gives_the_same_text_for_any_tokens() => Prop.ForAll(
        Gen.Choose(0, Small.VocabularySize - 1).ArrayOf().ToArbitrary(),
        ids =>
        {
            StreamingDecoder decoder = Small.StartDecoding();
            return string.Concat(ids.Select(decoder.Append)) + decoder.Finish() == Small.Decode(ids);
        });

    [Fact]
    public void A_character_of_several_tokens_is_held_back_until_it_is_whole()
    {
        int[] ids = [.. Encoding.UTF8.GetBytes("\U0001F9FF").Select(value => ((ITokenizer)Small).TokenId(ByteAlphabet.Letter(value).ToString()))];
        StreamingDecoder decoder = Small.StartDecoding();
        Assert.Equal(["", "", "", "\U0001F9FF"], ids.Select(decoder.Append));
        Assert.Equal("", decoder.Finish());
        decoder.Append(ids[0]);
        Assert.Equal("\uFFFD", decoder.Finish());
    }

    [Theory]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("!")]
    [InlineData("\u0301")]
    [InlineData("<|im")]
    [InlineData("'")]
    public void A_megabyte_of_the_same_is_encoded(string unit)
    {
        string text = string.Concat(Enumerable.Repeat(unit, (1 << 20) / unit.Length));
        Assert.Equal(text, Small.Decode(Small.Encode(text)));
    }

    /// <summary>Of "a b c" with (b c) before (a b): the lower rank wins, not the left.</summary>
    [Fact]
    public void The_pair_of_the_lowest_rank_merges_first_and_the_leftmost_of_equals()
    {
        BytePairTokenizer tokenizer = Handmade(("b", "c"), ("a", "b"), ("x", "x"), ("bc", "d"));
        Assert.Equal(["a", "bcd"], Spell(tokenizer, "abcd"));
        Assert.Equal(["ab", "x"], Spell(tokenizer, "abx"));
        Assert.Equal(["xx", "x"], Spell(tokenizer, "xxx"));
    }

    /// <summary>Merging the first pair makes one of a lower rank than the next pair of the same kind.</summary>
    [Fact]
    public void A_merge_that_becomes_possible_comes_before_those_of_higher_rank() =>
        Assert.Equal(["aba", "b"], Spell(Handmade(("ab", "a"), ("a", "b")), "abab"));

    [Fact]
    public void A_word_that_is_a_token_needs_no_merges_where_they_are_ignored()
    {
        BytePairTokenizer merging = Handmade(("b", "c"), ("a", "b"), ("ab", "c"));
        var ignoring = new BytePairTokenizer(merging.Vocabulary with { IgnoresMerges = true });
        Assert.Equal(["a", "bc"], Spell(merging, "abc"));
        Assert.Equal(["abc"], Spell(ignoring, "abc"));
        Assert.Equal(["a", "bc", "d"], Spell(ignoring, "abcd"));
    }

    /// <summary>The default hash of two numbers is their exclusive or, by which a file could put all its merges into one bucket.</summary>
    [Fact]
    public void Pairs_of_the_same_exclusive_or_have_different_hashes() =>
        Assert.True(Enumerable.Range(0, 1000).Select(left => new TokenPair(left, left ^ 1023).GetHashCode()).Distinct().Count() > 900);

    [Fact]
    public void Threads_share_a_tokenizer()
    {
        string[] texts = [.. Enumerable.Range(0, 2000).Select(i => $"the cat {i % 97} sat on Größe {i}")];
        int[][] alone = [.. texts.Select(text => new BytePairTokenizer(Small.Vocabulary).Encode(text)).Take(20)];
        int[][] together = new int[texts.Length][];
        Parallel.For(0, texts.Length, i => together[i] = Small.Encode(texts[i]));
        Assert.Equal(alone, together.Take(20));
        Assert.All(texts.Zip(together), pair => Assert.Equal(pair.First, Small.Decode(pair.Second)));
    }

    [Fact]
    public void An_id_outside_the_vocabulary_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Small.Decode([Small.VocabularySize]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Small.StartDecoding().Append(-1));
    }

    private static BytePairTokenizer Handmade(params (string Left, string Right)[] merges)
    {
        string[] bytes = [.. Enumerable.Range(0, 256).Select(value => ByteAlphabet.Letter((byte)value).ToString())];
        string[] tokens = [.. bytes, .. merges.Select(pair => pair.Left + pair.Right), "<|endoftext|>"];
        return new BytePairTokenizer(new BytePairVocabulary
        {
            Tokens = [.. tokens],
            Merges = [.. merges.Select(pair => new Merge(
                new TokenPair(Array.IndexOf(tokens, pair.Left), Array.IndexOf(tokens, pair.Right)), Array.IndexOf(tokens, pair.Left + pair.Right)))],
            Added = [new AddedToken(tokens.Length - 1, "<|endoftext|>") { Special = true }],
            Pattern = WordPattern.Qwen2,
            EndOfText = tokens.Length - 1,
        });
    }

    private static IEnumerable<string> Spell(BytePairTokenizer tokenizer, string text) => tokenizer.Encode(text).Select(tokenizer.Token);
}
