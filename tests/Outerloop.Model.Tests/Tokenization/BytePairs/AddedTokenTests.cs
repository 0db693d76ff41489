using Outerloop.Model.Tokenization.BytePairs;

namespace Outerloop.Model.Tests.Tokenization.BytePairs;

public sealed class AddedTokenTests
{
    [Fact]
    public void An_added_token_is_found_inside_a_word_and_the_longest_wins() =>
        Assert.Equal(["x", "<a>", "y", "<a>b", "z"], Cut("x<a>y<a>bz", Token("<a>"), Token("<a>b")));

    [Fact]
    public void The_leftmost_wins_over_a_longer_one_that_begins_later() =>
        Assert.Equal(["<a", ">b"], Cut("<a>b", Token("<a"), Token("a>b")));

    [Fact]
    public void A_token_takes_the_white_space_beside_it_where_it_is_told_so()
    {
        Assert.Equal(["x", "<l>", "  y"], Cut("x \n<l>  y", Token("<l>") with { StripsLeft = true }));
        Assert.Equal(["x  ", "<r>", "y"], Cut("x  <r>\t\n y", Token("<r>") with { StripsRight = true }));
        Assert.Equal(["<l>", "<l>"], Cut(" <l>  <l>", Token("<l>") with { StripsLeft = true }));
    }

    [Fact]
    public void A_token_within_white_space_that_another_took_is_gone_if_it_strips_too() =>
        Assert.Equal(["a", "\n", "b"], Cut("a\n \nb", Token("\n") with { StripsLeft = true, StripsRight = true }));

    [Fact]
    public void A_megabyte_of_tokens_that_take_each_other_is_cut() =>
        Assert.Single(Cut(new string('\n', 1 << 20), Token("\n") with { StripsLeft = true, StripsRight = true }));

    [Theory]
    [InlineData("on the on", "on| the |on")]
    [InlineData("non on_ 1on on1 \u00E9on q\u0301on \U0001D400on", "non on_ 1on on1 \u00E9on q\u0301on \U0001D400on")]
    [InlineData("(on)", "(|on|)")]
    public void A_single_word_is_not_found_inside_others(string text, string expected) =>
        Assert.Equal(expected.Split('|'), Cut(text, Token("on") with { SingleWord = true }));

    [Fact]
    public void A_normalised_token_is_found_in_the_normalised_text_and_a_raw_one_in_the_text_as_it_is()
    {
        AddedToken[] tokens = [Token("\u1E69") with { Normalized = true }, Token("\u212B")];
        Assert.Equal(["\u00E9", "\u1E69", "\u212B", "\u00C5"], Cut("e\u0301s\u0307\u0323\u212BA\u030A", tokens));
    }

    [Fact]
    public void A_token_of_any_letters_decodes_to_itself()
    {
        BytePairTokenizer tokenizer = SmallTokenizers.With([Token("\u00E9\u0120"), Token("two words")]);
        Assert.Equal("a\u00E9\u0120two words.", tokenizer.Decode(tokenizer.Encode("a\u00E9\u0120two words.")));
    }

    [Fact]
    public void Only_special_tokens_are_special()
    {
        BytePairTokenizer tokenizer = SmallTokenizers.With([Token("<think>")]);
        Assert.True(tokenizer.IsSpecial(tokenizer.EndOfText));
        Assert.False(tokenizer.IsSpecial(tokenizer.Encode("<think>").Single()));
        Assert.False(tokenizer.IsSpecial(0));
    }

    private static AddedToken Token(string content) => new(0, content);

    /// <summary>The added tokens as they are spelled, and the normalised text between them.</summary>
    private static IEnumerable<string> Cut(string text, params AddedToken[] added) =>
        new TextSegmenter(SmallTokenizers.With(added).Vocabulary).Cut(text).Select(stretch => stretch.Text);
}
