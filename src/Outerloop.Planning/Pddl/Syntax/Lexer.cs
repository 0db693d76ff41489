using System.Runtime.InteropServices;

namespace Outerloop.Planning.Pddl.Syntax;

internal enum TokenKind : byte
{
    Open,
    Close,
    Symbol,
    Variable,
    Keyword,
    Bad,
    End,
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct Token(TokenKind Kind, int Start, int End);

/// <summary>
/// Splits PDDL text into tokens by hand. A token ends where the next can begin, so <c>(at?x?a)</c> and <c>(&gt;=(f)1)</c>
/// need no blanks; <c>-</c> is an operator unless it begins a number or continues a name.
/// </summary>
internal static class Lexer
{
    /// <summary>The first token at or after <paramref name="position"/>; the next one is found from its end on.</summary>
    public static Token Read(ReadOnlySpan<char> text, int position)
    {
        position = SkipBlanksAndComments(text, position);
        if (position >= text.Length)
            return new Token(TokenKind.End, text.Length, text.Length);
        var first = text[position];
        return first switch
        {
            '(' => new Token(TokenKind.Open, position, position + 1),
            ')' => new Token(TokenKind.Close, position, position + 1),
            '?' => new Token(TokenKind.Variable, position, EndOfName(text, position + 1)),
            ':' => new Token(TokenKind.Keyword, position, EndOfName(text, position + 1)),
            _ when Characters.StartsName(first) || StartsNumber(text[position..]) => new Token(TokenKind.Symbol, position, EndOfName(text, position + 1)),
            _ when LengthOfOperator(text[position..]) is > 0 and var length => new Token(TokenKind.Symbol, position, position + length),
            _ => new Token(TokenKind.Bad, position, EndOfBad(text, position)),
        };
    }

    private static int SkipBlanksAndComments(ReadOnlySpan<char> text, int position)
    {
        while (position < text.Length)
        {
            if (text[position] == ';')
            {
                var length = text[position..].IndexOfAny('\r', '\n');
                position = length < 0 ? text.Length : position + length;
            }
            else if (Characters.IsBlank(text[position]) || (position == 0 && text[0] == '\uFEFF'))
                position++;
            else
                break;
        }

        return position;
    }

    private static int EndOfName(ReadOnlySpan<char> text, int position) => position + Characters.NameLength(text[position..]);

    private static bool StartsNumber(ReadOnlySpan<char> text)
    {
        var next = text.Length > 1 ? text[1] : '\0';
        return (text[0] is '-' or '.' && char.IsAsciiDigit(next)) || (text[0] == '-' && next == '.');
    }

    private static int LengthOfOperator(ReadOnlySpan<char> text) => text switch
    {
        ['<' or '>', '=', ..] => 2,
        ['<' or '>' or '=' or '+' or '-' or '*' or '/', ..] => 1,
        _ => 0,
    };

    /// <summary>One token for a whole run of characters that no other token can begin with.</summary>
    private static int EndOfBad(ReadOnlySpan<char> text, int position)
    {
        while (position < text.Length && IsBad(text[position]))
            position++;
        return position;
    }

    private static bool IsBad(char c) =>
        !Characters.IsBlank(c) && !Characters.StartsName(c) && c is not ('(' or ')' or '?' or ':' or ';' or '<' or '>' or '=' or '+' or '-' or '*' or '/');
}
