using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Outerloop.Model.Tokenization.BytePairs;

namespace Outerloop.Model.Tests.Tokenization.BytePairs;

public sealed class WordPatternTests
{
    [Theory]
    [InlineData("Hello world", "Hello| world")]
    [InlineData("it's IT'S we'll O'Brien", "it|'s| IT|'S| we|'ll| O|'Brien")]
    [InlineData("x'\u017Fa", "x|'\u017F|a")]
    [InlineData("a1b 23", "a|1|b| |2|3")]
    [InlineData("(on b1)!\n\n x", "(on| b|1|)!\n\n| x")]
    [InlineData("a  b   \n  c", "a| | b|   \n| | c")]
    [InlineData("end  ", "end|  ")]
    [InlineData("\u00A0\u00A0y", "\u00A0|\u00A0y")]
    [InlineData("\t\tx", "\t|\tx")]
    [InlineData("\U0001D400\U0001D401\U0001D7CE\U0001D7CF\U0001F600\U00020000", "\U0001D400\U0001D401|\U0001D7CE|\U0001D7CF|\U0001F600\U00020000")]
    [InlineData("<think>\n\n</think>", "<think|>\n\n|</|think|>")]
    public void Words_are_cut_as_Qwen2_does(string text, string expected) => Assert.Equal(expected.Split('|'), Cut(text, WordPattern.Qwen2));

    [Theory]
    [InlineData("it's IT'S", "it|'s| IT|'|S")]
    [InlineData("a1b 23!?", "a|1|b| 23|!?")]
    [InlineData("a \n\n b", "a| \n\n| b")]
    [InlineData("\U0001D400\U0001D7CE\U0001D7CF \U00020000", "\U0001D400|\U0001D7CE\U0001D7CF| \U00020000")]
    public void Words_are_cut_as_Gpt2_does(string text, string expected) => Assert.Equal(expected.Split('|'), Cut(text, WordPattern.Gpt2));

    [Property(MaxTest = 1000)]
    public Property The_words_are_those_of_the_regular_expression(bool qwen) => Prop.ForAll(RandomTexts.Scalars, text =>
    {
        WordPattern pattern = qwen ? WordPattern.Qwen2 : WordPattern.Gpt2;
        return Cut(text, pattern).SequenceEqual(ReferenceBytePairs.Words(text, pattern));
    });

    [Fact]
    public void Every_character_of_the_basic_plane_is_classed_as_the_regular_expression_does()
    {
        string text = string.Concat(Enumerable.Range(0, 0x10000).Select(unit => (char)unit).Where(unit => !char.IsSurrogate(unit)).Select(unit => $"!{unit}! {unit}{unit}a"));
        Assert.Equal(ReferenceBytePairs.Words(text, WordPattern.Qwen2), Cut(text, WordPattern.Qwen2));
        Assert.Equal(ReferenceBytePairs.Words(text, WordPattern.Gpt2), Cut(text, WordPattern.Gpt2));
    }

    private static List<string> Cut(string text, WordPattern pattern)
    {
        var words = new List<string>();
        for (int start = 0; start < text.Length; start += words[^1].Length)
            words.Add(text[start..pattern.WordEnd(text, start)]);
        return words;
    }
}
