using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Outerloop.Model.Tokenization.BytePairs;

/// <summary>A part of a text: an added token, or text between such, with a negative id.</summary>
internal readonly record struct Stretch(string Text, int TokenId);

/// <summary>Cuts a text at the added tokens in it: the leftmost first, of those the longest.</summary>
internal sealed class AddedTokenFinder
{
    private readonly SearchValues<string> _spellings;
    private readonly FrozenDictionary<char, (string Spelling, AddedToken Token)[]> _longestFirst;

    /// <param name="tokens">None with an empty spelling.</param>
    /// <param name="spell">How a token's content stands in the text.</param>
    public AddedTokenFinder(IEnumerable<AddedToken> tokens, Func<string, string> spell)
    {
        (string Spelling, AddedToken Token)[] spelled = [.. tokens.Select(token => (spell(token.Content), token))];
        _spellings = SearchValues.Create([.. spelled.Select(pair => pair.Spelling)], StringComparison.Ordinal);
        _longestFirst = spelled.GroupBy(pair => pair.Spelling[0]).ToFrozenDictionary(
            group => group.Key, group => group.OrderByDescending(pair => pair.Spelling.Length).ThenBy(pair => pair.Token.Id).ToArray());
    }

    public IEnumerable<Stretch> Split(string text)
    {
        int textStart = 0;
        int spaceEnd = 0;
        for (int from = 0; _longestFirst.Count > 0 && NextMatch(text, from) is var match && match >= 0;)
        {
            (string spelling, AddedToken token) = At(text, match);
            from = match + spelling.Length;
            if (token.SingleWord && (EndsInWord(text.AsSpan(0, match)) || BeginsWithWord(text.AsSpan(from))))
                continue;
            // Each stretch of white space is walked once, also where thousands of tokens stand in it.
            if (token.StripsRight && from > spaceEnd)
                spaceEnd = text.Length - text.AsSpan(from).TrimStart().Length;
            int start = token.StripsLeft ? textStart + text.AsSpan(textStart, int.Max(0, match - textStart)).TrimEnd().Length : match;
            int end = token.StripsRight ? spaceEnd : from;
            if (start > textStart)
                yield return new Stretch(text[textStart..start], -1);
            // White space that the token before took may hold a token of its own, of which stripping leaves nothing.
            if (start < end)
                yield return new Stretch(token.Content, token.Id);
            textStart = end;
        }

        if (textStart < text.Length)
            yield return new Stretch(text[textStart..], -1);
    }

    private int NextMatch(string text, int from) => text.AsSpan(from).IndexOfAny(_spellings) is var offset && offset >= 0 ? from + offset : -1;

    private (string Spelling, AddedToken Token) At(string text, int match) =>
        _longestFirst[text[match]].First(pair => string.CompareOrdinal(text, match, pair.Spelling, 0, pair.Spelling.Length) == 0);

    private static bool EndsInWord(ReadOnlySpan<char> text) =>
        text.Length > 0 && Rune.DecodeLastFromUtf16(text, out Rune last, out _) == OperationStatus.Done && IsOfWord(last);

    private static bool BeginsWithWord(ReadOnlySpan<char> text) =>
        text.Length > 0 && Rune.DecodeFromUtf16(text, out Rune first, out _) == OperationStatus.Done && IsOfWord(first);

    /// <summary><c>\w</c> of a regular expression over scalars.</summary>
    private static bool IsOfWord(Rune rune) =>
        rune.Value is 0x200C or 0x200D || Rune.GetUnicodeCategory(rune) is <= UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;
}
