namespace Outerloop.Planning.Pddl.Syntax;

internal enum SyntaxKind : byte
{
    List,
    Symbol,
    Variable,
    Keyword,
}

/// <summary>
/// The parenthesised structure of a text as a flat array in reading order: 8 bytes a node, and a node's children are
/// the nodes from its own index + 1 up to the next one that is not inside it. Nothing here recurses, however deep the
/// text nests.
/// </summary>
internal sealed class SyntaxTree(SourceText source, List<SyntaxTree.Node> nodes)
{
    public SourceText Source { get; } = source;

    public bool IsEmpty => nodes.Count == 0;

    public SyntaxNode Root => new(this, 0);

    internal Node this[int index] => nodes[index];

    /// <summary>A list or a token; which of them, and of which kind, its first character tells.</summary>
    /// <param name="Start">Offset of the first character.</param>
    /// <param name="Extent">Of a token the number of its characters, of a list the index of the first node after it.</param>
    internal readonly record struct Node(int Start, int Extent);
}

/// <summary>A node of a syntax tree: a parenthesised list, or a token.</summary>
internal readonly struct SyntaxNode(SyntaxTree tree, int index)
{
    private SyntaxTree.Node Node => tree[index];

    public SyntaxKind Kind => tree.Source.Text[Node.Start] switch
    {
        '(' => SyntaxKind.List,
        '?' => SyntaxKind.Variable,
        ':' => SyntaxKind.Keyword,
        _ => SyntaxKind.Symbol,
    };

    public bool IsList => Kind == SyntaxKind.List;

    public bool IsSymbol => Kind == SyntaxKind.Symbol;

    public bool IsVariable => Kind == SyntaxKind.Variable;

    public int Start => Node.Start;

    /// <summary>The text of a token as written, the '?' or ':' of a variable or keyword included; of a list its parenthesis.</summary>
    public ReadOnlySpan<char> Span => tree.Source.Text.AsSpan(Node.Start, IsList ? 1 : Node.Extent);

    /// <summary>Index of the first node that is not inside this one.</summary>
    private int Next => IsList ? Node.Extent : index + 1;

    public string Text => Span.ToString();

    /// <summary>The text as a message can show it: a list by its head only.</summary>
    public string Shown => !IsList ? Clip(Span) : Head is { IsList: false } head ? $"({Clip(head.Span)} …)" : "(…)";

    public bool Is(string word) => !IsList && Span.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The first element of a list.</summary>
    public SyntaxNode? Head => IsList && index + 1 < Next ? new SyntaxNode(tree, index + 1) : null;

    /// <summary>The elements of a list one by one, without an array.</summary>
    public ChildEnumerator Children() => new(tree, index + 1, IsList ? Next : index + 1);

    public SyntaxNode[] Elements()
    {
        var count = 0;
        for (var each = Children(); each.MoveNext();)
            count++;
        var result = count == 0 ? [] : new SyntaxNode[count];
        count = 0;
        for (var each = Children(); each.MoveNext();)
            result[count++] = each.Current;
        return result;
    }

    internal struct ChildEnumerator(SyntaxTree tree, int first, int end)
    {
        private int next = first;

        public SyntaxNode Current { get; private set; }

        public bool MoveNext()
        {
            if (next >= end)
                return false;
            Current = new SyntaxNode(tree, next);
            next = Current.Next;
            return true;
        }
    }

    private static string Clip(ReadOnlySpan<char> text) => text.Length <= 60 ? text.ToString() : $"{text[..60]}…";
}
