using System.Runtime.InteropServices;

namespace Outerloop.Planning.Pddl.Syntax;

internal enum SyntaxKind : byte
{
    List,
    Symbol,
    Variable,
    Keyword,
}

/// <summary>
/// The parenthesised structure of a text as a flat array in reading order: 16 bytes a node, and a node's children are
/// the nodes from its own index + 1 up to <see cref="Node.Next"/>. Nothing here recurses, however deep the text nests.
/// </summary>
internal sealed class SyntaxTree(SourceText source, List<SyntaxTree.Node> nodes)
{
    public SourceText Source { get; } = source;

    public bool IsEmpty => nodes.Count == 0;

    public SyntaxNode Root => new(this, 0);

    internal Node this[int index] => nodes[index];

    /// <param name="Kind">A list, or the kind of the token.</param>
    /// <param name="Start">Offset of the first character.</param>
    /// <param name="End">Offset after the last character; a list ends after its parenthesis.</param>
    /// <param name="Next">Index of the first node that is not inside this one.</param>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Node(SyntaxKind Kind, int Start, int End, int Next);
}

/// <summary>A node of a syntax tree: a parenthesised list, or a token.</summary>
internal readonly struct SyntaxNode(SyntaxTree tree, int index)
{
    private SyntaxTree.Node Node => tree[index];

    public SyntaxKind Kind => Node.Kind;

    public bool IsList => Kind == SyntaxKind.List;

    public bool IsSymbol => Kind == SyntaxKind.Symbol;

    public bool IsVariable => Kind == SyntaxKind.Variable;

    public int Start => Node.Start;

    public int End => Node.End;

    /// <summary>The text as written, the '?' or ':' of a variable or keyword included.</summary>
    public ReadOnlySpan<char> Span => tree.Source.Text.AsSpan(Node.Start, Node.End - Node.Start);

    public string Text => Span.ToString();

    /// <summary>The text as a message can show it: a list by its head only.</summary>
    public string Shown => !IsList ? Clip(Span) : Head is { IsList: false } head ? $"({Clip(head.Span)} …)" : "(…)";

    public bool Is(string word) => !IsList && Span.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The first element of a list.</summary>
    public SyntaxNode? Head => IsList && index + 1 < Node.Next ? new SyntaxNode(tree, index + 1) : null;

    /// <summary>The elements of a list one by one, without an array.</summary>
    public ChildEnumerator Children() => new(tree, index + 1, IsList ? Node.Next : index + 1);

    public SyntaxNode[] Elements()
    {
        if (!IsList)
            return [];
        var end = Node.Next;
        var count = 0;
        for (var i = index + 1; i < end; i = tree[i].Next)
            count++;
        var result = new SyntaxNode[count];
        count = 0;
        for (var i = index + 1; i < end; i = tree[i].Next)
            result[count++] = new SyntaxNode(tree, i);
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
            next = tree[next].Next;
            return true;
        }
    }

    private static string Clip(ReadOnlySpan<char> text) => text.Length <= 60 ? text.ToString() : $"{text[..60]}…";
}
