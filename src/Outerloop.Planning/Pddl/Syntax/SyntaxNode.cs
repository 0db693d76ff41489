namespace Outerloop.Planning.Pddl.Syntax;

internal enum SyntaxKind : byte
{
    List,
    Symbol,
    Variable,
    Keyword,
}

/// <summary>A node of the syntax tree: a parenthesised list, or a token.</summary>
/// <param name="text">The whole text.</param>
/// <param name="lists">The lists of the text.</param>
/// <param name="list">The node's number among them, if it is one.</param>
/// <param name="start">Offset of the first character.</param>
/// <param name="end">Offset behind the last character.</param>
internal readonly struct SyntaxNode(string text, List<SyntaxTree.List> lists, int list, int start, int end)
{
    public SyntaxKind Kind => text[start] switch
    {
        '(' => SyntaxKind.List,
        '?' => SyntaxKind.Variable,
        ':' => SyntaxKind.Keyword,
        _ => SyntaxKind.Symbol,
    };

    public bool IsList => text[start] == '(';

    public bool IsSymbol => Kind == SyntaxKind.Symbol;

    public bool IsVariable => Kind == SyntaxKind.Variable;

    public int Start => start;

    /// <summary>How many characters the node has, those of its elements included.</summary>
    public int Length => end - start;

    /// <summary>The text of a token as written, the '?' or ':' of a variable or keyword included; of a list its parenthesis.</summary>
    public ReadOnlySpan<char> Span => text.AsSpan(start, IsList ? 1 : end - start);

    public string Text => Span.ToString();

    /// <summary>The text as a message can show it: a list by its head only.</summary>
    public string Shown => !IsList ? Clip(Span) : Head is { IsList: false } head ? $"({Clip(head.Span)} …)" : "(…)";

    public bool Is(string word) => !IsList && Span.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The first element of a list.</summary>
    public SyntaxNode? Head => GetEnumerator() is var elements && elements.MoveNext() ? elements.Current : null;

    /// <summary>The elements of a list one by one, without an array; a token has none.</summary>
    public ElementEnumerator GetEnumerator() => IsList ? new(text, lists, list + 1, start + 1, end) : default;

    public SyntaxNode[] Elements()
    {
        var count = 0;
        foreach (var _ in this)
            count++;
        var result = count == 0 ? [] : new SyntaxNode[count];
        count = 0;
        foreach (var element in this)
            result[count++] = element;
        return result;
    }

    private static string Clip(ReadOnlySpan<char> text) => text.Length <= 60 ? text.ToString() : $"{text[..60]}…";
}

/// <summary>
/// Reads the elements of a list from the text. The end of the list decides, not its parenthesis: where one is missing or
/// too many, the parser knows better than the text.
/// </summary>
internal struct ElementEnumerator(string text, List<SyntaxTree.List> lists, int list, int position, int end)
{
    private int list = list;
    private int position = position;

    public SyntaxNode Current { get; private set; }

    /// <summary>The elements from here on, for a loop over them.</summary>
    public readonly ElementEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        while (position < end)
        {
            var token = Lexer.Read(text, position);
            position = token.End;
            if (token.Kind is TokenKind.Close or TokenKind.Bad)
                continue;
            if (token.Start >= end)
                return false;
            if (token.Kind == TokenKind.Open)
                position = lists[list].End;
            Current = new SyntaxNode(text, lists, list, token.Start, position);
            if (token.Kind == TokenKind.Open)
                list = lists[list].Next;
            return true;
        }

        return false;
    }
}
