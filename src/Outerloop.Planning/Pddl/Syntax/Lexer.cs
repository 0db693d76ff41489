using System.Runtime.InteropServices;

namespace Outerloop.Planning.Pddl.Syntax;

internal enum TokenKind : byte
{
    Open,
    Close,
    Symbol,
    Variable,
    Keyword,
    End,
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct Token(TokenKind Kind, int Start, int End);

/// <summary>
/// Splits PDDL text into tokens by hand. A token ends where the next can begin, so <c>(at?x?a)</c> and <c>(&gt;=(f)1)</c>
/// need no blanks; <c>-</c> is an operator unless it begins a number or continues a name.
/// </summary>
internal sealed class Lexer(string text, DiagnosticBag errors)
{
    private int position = text.StartsWith('\uFEFF') ? 1 : 0;

    public Token Next()
    {
        while (true)
        {
            SkipBlanksAndComments();
            if (position >= text.Length || errors.IsFull)
                return new Token(TokenKind.End, text.Length, text.Length);
            var start = position;
            if (TryRead(text[start], out var kind))
                return new Token(kind, start, position);
            SkipBadCharacters(start);
        }
    }

    /// <summary>The keyword right after the current position, blanks and comments skipped; empty if there is none.</summary>
    public ReadOnlySpan<char> PeekKeyword()
    {
        var saved = position;
        SkipBlanksAndComments();
        var start = position;
        position = saved;
        if (start >= text.Length || text[start] != ':')
            return default;
        return text.AsSpan(start, 1 + Characters.NameLength(text.AsSpan(start + 1)));
    }

    private void SkipBlanksAndComments()
    {
        while (position < text.Length)
        {
            if (text[position] == ';')
            {
                var length = text.AsSpan(position).IndexOfAny('\r', '\n');
                position = length < 0 ? text.Length : position + length;
            }
            else if (Characters.IsBlank(text[position]))
                position++;
            else
                return;
        }
    }

    private bool TryRead(char first, out TokenKind kind)
    {
        kind = first switch
        {
            '(' => TokenKind.Open,
            ')' => TokenKind.Close,
            '?' => TokenKind.Variable,
            ':' => TokenKind.Keyword,
            _ => TokenKind.Symbol,
        };
        position++;
        if (kind is TokenKind.Open or TokenKind.Close)
            return true;
        if (kind is TokenKind.Variable or TokenKind.Keyword || Characters.StartsName(first) || StartsNumber(first))
        {
            position += Characters.NameLength(text.AsSpan(position));
            return true;
        }

        return TryReadOperator(first);
    }

    private bool StartsNumber(char first)
    {
        var next = position < text.Length ? text[position] : '\0';
        return (first is '-' or '.' && char.IsAsciiDigit(next)) || (first == '-' && next == '.');
    }

    private bool TryReadOperator(char first)
    {
        if (first is '<' or '>' && position < text.Length && text[position] == '=')
            position++;
        return first is '<' or '>' or '=' or '+' or '-' or '*' or '/';
    }

    /// <summary>One error for a whole run of characters that no token can begin with.</summary>
    private void SkipBadCharacters(int start)
    {
        while (position < text.Length && IsBad(text[position]))
            position++;
        errors.Add("bad-character", start, $"the character {Characters.Show(text[start])} has no place in PDDL");
    }

    private static bool IsBad(char c) =>
        !Characters.IsBlank(c) && !Characters.StartsName(c) && c is not ('(' or ')' or '?' or ':' or ';' or '<' or '>' or '=' or '+' or '-' or '*' or '/');
}
