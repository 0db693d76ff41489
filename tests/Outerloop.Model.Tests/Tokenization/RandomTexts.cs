using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Outerloop.Model.Tests.Tokenization;

/// <summary>Texts of what tokenizers stumble over: all planes, marks, jamo, white space, contractions, spellings of tokens.</summary>
internal static class RandomTexts
{
    private static readonly (int First, int Last)[] Ranges =
    [
        (' ', '~'), ('a', 'z'), (0, 0x1F), (0xA0, 0x24F), (0x300, 0x345), (0x600, 0x6FF), (0x900, 0x97F), (0x1100, 0x11FF),
        (0x2000, 0x206F), (0x4E00, 0x4FFF), (0xAC00, 0xD7A3), (0xFB00, 0xFB06), (0x1D100, 0x1D1FF), (0x1D400, 0x1D7FF),
        (0x1F600, 0x1F64F), (0x20000, 0x2FFFF), (0, 0x10FFFF),
    ];

    private static readonly string[] Pieces =
    [
        "'s", "'S", "'LL", "'ve", "'\u017F", " ", "  ", "\n", "\r\n", " \n ", "\t", "\u00A0", "123", "e\u0301", "\u212B", "the", " cat",
        "<|endoftext|>", "<|im_end|>", "<|im", "<think>",
    ];

    private static readonly Gen<string> Scalar =
        from range in Gen.Elements(Ranges)
        from code in Gen.Choose(range.First, range.Last)
        select Rune.IsValid(code) ? new Rune(code).ToString() : "\uFFFD";

    /// <summary>Without surrogates that stand alone.</summary>
    public static Arbitrary<string> Scalars { get; } =
        Gen.OneOf(Scalar, Scalar, Gen.Elements(Pieces)).ListOf().Select(pieces => string.Concat(pieces)).ToArbitrary();

    /// <summary>Any UTF-16 units.</summary>
    public static Arbitrary<string> Units { get; } =
        Gen.Choose(0xD700, 0xE010).Select(unit => (char)unit).ArrayOf().Select(units => new string(units)).ToArbitrary();
}
