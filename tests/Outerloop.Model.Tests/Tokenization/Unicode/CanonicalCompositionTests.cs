using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Outerloop.Model.Tokenization.Unicode;

namespace Outerloop.Model.Tests.Tokenization.Unicode;

public sealed class CanonicalCompositionTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\u212B", "\u00C5")]                          // Ångström sign: another code point for the letter
    [InlineData("\u2126", "\u03A9")]
    [InlineData("\u1E9B\u0323", "\u1E9B\u0323")]              // the mark below does not compose with the long s
    [InlineData("s\u0323\u0307", "\u1E69")]
    [InlineData("s\u0307\u0323", "\u1E69")]                   // marks of other classes are put in order first
    [InlineData("a\u0315\u0300", "\u00E0\u0315")]
    [InlineData("a\u0300\u0301", "\u00E0\u0301")]             // of one class they keep their order
    [InlineData("a\u0301\u0301", "\u00E1\u0301")]
    [InlineData("\u0958", "\u0915\u093C")]                    // excluded from composition
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\uAC01\u11A8", "\uAC01\u11A8")]
    [InlineData("\u1100\u11A8", "\u1100\u11A8")]
    [InlineData("\u1100\u1161\u11A7", "\uAC00\u11A7")]        // one before the first tail
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    [InlineData("\U00011099\U000110BA", "\U0001109A")]
    [InlineData("\uF900", "\u8C48")]
    [InlineData("\U0002F800", "\u4E3D")]
    [InlineData("\u0301e", "\u0301e")]
    [InlineData("\uFB01", "\uFB01")]                          // a compatibility form stays
    public void Known_cases_are_composed(string text, string expected) => Assert.Equal(expected, CanonicalComposition.Compose(text));

    [Property]
    public Property What_is_composed_stays() => Prop.ForAll(RandomTexts.Scalars, text =>
    {
        string composed = CanonicalComposition.Compose(text);
        return CanonicalComposition.Compose(composed) == composed;
    });

    [Property]
    public Property Taking_letters_apart_first_changes_nothing() => Prop.ForAll(RandomTexts.Scalars, text =>
        CanonicalComposition.Compose(string.Concat(text.EnumerateRunes().SelectMany(Decompose))) == CanonicalComposition.Compose(text));

    [Fact]
    public void Every_letter_of_two_parts_comes_out_as_its_parts_do()
    {
        for (int code = 0; code <= 0x10FFFF; code++)
        {
            if (!Rune.IsValid(code) || !CanonicalTable.Instance.TryDecompose(code, out (int First, int Second) parts) || parts.Second == 0)
                continue;
            string letter = new Rune(code).ToString();
            string pair = $"{new Rune(parts.First)}{new Rune(parts.Second)}";
            bool composes = CanonicalTable.Instance.TryCompose(parts.First, parts.Second, out int composite);
            Assert.True(!composes || composite == code);
            Assert.Equal(composes ? letter : CanonicalComposition.Compose(pair), CanonicalComposition.Compose(letter));
        }
    }

    [Fact]
    public void A_million_marks_are_ordered()
    {
        string marks = string.Concat(Enumerable.Repeat("\u0301\u0323", 1 << 19));
        Assert.Equal(new string('\u0323', 1 << 19) + new string('\u0301', 1 << 19), CanonicalComposition.Compose(marks));
    }

    private static IEnumerable<Rune> Decompose(Rune rune)
    {
        if (CanonicalTable.Instance.TryDecompose(rune.Value, out (int First, int Second) parts))
            return parts.Second == 0 ? Decompose(new Rune(parts.First)) : Decompose(new Rune(parts.First)).Append(new Rune(parts.Second));
        if (Hangul.TryDecompose(rune.Value, out int lead, out int vowel, out int tail))
            return new[] { lead, vowel, tail }.Where(code => code > 0).Select(code => new Rune(code));
        return [rune];
    }
}
