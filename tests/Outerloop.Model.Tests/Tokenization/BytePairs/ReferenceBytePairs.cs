using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Outerloop.Model.Tokenization.BytePairs;

namespace Outerloop.Model.Tests.Tokenization.BytePairs;

/// <summary>
/// The slow twin: words by .NET's regular expressions, in which every scalar beyond the basic plane is played by a
/// character of the same class; merges by looking through all neighbours again for each.
/// </summary>
internal static class ReferenceBytePairs
{
    // The long s is spelled out: .NET does not count it as a form of S.
    private static readonly Regex Qwen2 = new(@"'(?:[sS\u017F]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+");
    private static readonly Regex Gpt2 = new(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+");

    public static IEnumerable<string> Words(string text, WordPattern pattern)
    {
        Rune[] scalars = [.. text.EnumerateRunes()];
        string played = string.Concat(scalars.Select(Player));
        foreach (Match match in (pattern == WordPattern.Qwen2 ? Qwen2 : Gpt2).Matches(played))
            yield return string.Concat(scalars[match.Index..(match.Index + match.Length)]);
    }

    public static IEnumerable<int> EncodeWord(string word, BytePairVocabulary vocabulary)
    {
        List<int> tokens = [.. Encoding.UTF8.GetBytes(word).Select(value => vocabulary.Tokens.IndexOf(ByteAlphabet.Letter(value).ToString()))];
        ImmutableArray<TokenPair> pairs = [.. vocabulary.Merges.Select(merge => merge.Pair)];
        while (true)
        {
            (int rank, int at) = Enumerable.Range(0, int.Max(0, tokens.Count - 1))
                .Select(at => (Rank: pairs.IndexOf(new TokenPair(tokens[at], tokens[at + 1])), At: at))
                .Where(candidate => candidate.Rank >= 0)
                .DefaultIfEmpty((Rank: -1, At: -1))
                .Min();
            if (at < 0)
                return tokens;
            tokens[at] = vocabulary.Merges[rank].Product;
            tokens.RemoveAt(at + 1);
        }
    }

    private static char Player(Rune scalar)
    {
        if (scalar.IsBmp)
            return (char)scalar.Value;
        return Rune.GetUnicodeCategory(scalar) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => '\u4E00',
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => '\u0660',
            _ => '\u2603',
        };
    }
}
