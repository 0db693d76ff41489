using System.Globalization;
using System.Text;

namespace Outerloop.Model.Tokenization.Unicode;

/// <summary>The classes that the pre-tokenizers' regular expressions tell apart.</summary>
internal enum CharacterClass : byte
{
    /// <summary>None of the others: marks, punctuation, symbols, controls, what is unassigned.</summary>
    Other,

    /// <summary><c>\p{L}</c></summary>
    Letter,

    /// <summary><c>\p{N}</c></summary>
    Number,

    /// <summary><c>\s</c> without <c>[\r\n]</c></summary>
    Space,

    /// <summary><c>[\r\n]</c></summary>
    Newline,
}

/// <summary>
/// Classes of Unicode scalars. .NET's regular expressions class the halves of a surrogate pair one by one, neither of them
/// a letter; here the pair is one letter where its scalar is.
/// </summary>
internal static class CharacterClasses
{
    private static readonly CharacterClass[] OfUnit = [.. Enumerable.Range(0, 0x10000).Select(unit => Of(CharUnicodeInfo.GetUnicodeCategory((char)unit), (char)unit))];

    /// <param name="length">UTF-16 units of the scalar: 2 for a surrogate pair.</param>
    public static CharacterClass At(ReadOnlySpan<char> text, int index, out int length)
    {
        char unit = text[index];
        length = 1;
        if (!char.IsHighSurrogate(unit) || index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1]))
            return OfUnit[unit];
        length = 2;
        return Of(Rune.GetUnicodeCategory(new Rune(unit, text[index + 1])), unit);
    }

    /// <summary>The end of the scalars of a class that follow each other from an index on.</summary>
    public static int RunEnd(ReadOnlySpan<char> text, int index, CharacterClass ofClass)
    {
        while (index < text.Length && At(text, index, out int length) == ofClass)
            index += length;
        return index;
    }

    private static CharacterClass Of(UnicodeCategory category, char unit) => category switch
    {
        <= UnicodeCategory.OtherLetter => CharacterClass.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterClass.Number,
        _ when unit is '\r' or '\n' => CharacterClass.Newline,
        _ when char.IsWhiteSpace(unit) => CharacterClass.Space,
        _ => CharacterClass.Other,
    };
}
