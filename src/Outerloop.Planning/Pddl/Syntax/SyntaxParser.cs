using System.Collections.Frozen;

namespace Outerloop.Planning.Pddl.Syntax;

/// <summary>
/// Builds the one list that a PDDL text must consist of. A section such as <c>(:action</c> can only stand directly
/// inside <c>(define</c>; where one turns up deeper or after the end, a parenthesis is missing or too many, and reading
/// goes on as if it were right, so that one slip does not hide the other errors.
/// </summary>
internal sealed class SyntaxParser
{
    /// <summary>Deeper nesting is refused, so that everything after this stage may recurse on structure, even on a small stack.</summary>
    public const int MaxDepth = 250;

    /// <summary>More elements than the largest planning problems have; they bound what a hostile text takes of memory.</summary>
    public const int MostNodes = 1 << 24;
    public const int MostElements = 1 << 22;

    /// <summary>A guess that spares large texts the copies of a growing list.</summary>
    private const int CharactersPerNode = 5;

    private static readonly FrozenSet<string> Sections = FrozenSet.ToFrozenSet(
        [
            ":requirements", ":types", ":constants", ":predicates", ":functions", ":action", ":durative-action",
            ":derived", ":process", ":event", ":constraints", ":domain", ":objects", ":init", ":goal", ":metric", ":length",
        ],
        StringComparer.OrdinalIgnoreCase);

    private readonly SourceText source;
    private readonly DiagnosticBag errors;
    private readonly Lexer lexer;
    private readonly List<SyntaxTree.Node> nodes;
    private readonly Stack<OpenList> open = new();
    private int rootEnd = -1;

    /// <summary>A list that is not closed yet, and how many elements it has so far.</summary>
    private sealed class OpenList(int index)
    {
        public int Index => index;

        public int Elements { get; set; }
    }

    private SyntaxParser(SourceText source, DiagnosticBag errors)
    {
        this.source = source;
        this.errors = errors;
        lexer = new Lexer(source.Text, errors);
        nodes = new List<SyntaxTree.Node>(Math.Min(source.Text.Length / CharactersPerNode, MostNodes));
    }

    /// <summary>The tree, or null where the text is so broken that further checks would only add noise.</summary>
    public static SyntaxTree? Parse(SourceText source, DiagnosticBag errors) => new SyntaxParser(source, errors).Parse();

    private SyntaxTree? Parse()
    {
        for (var token = lexer.Next(); token.Kind != TokenKind.End; token = lexer.Next())
        {
            if (!Accept(token))
                return null;
        }

        return errors.IsFull || !Finish() ? null : new SyntaxTree(source, nodes);
    }

    private bool Accept(Token token)
    {
        if (nodes.Count > 0 && open.Count == 0)
            return AcceptTrailing(token);
        if (token.Kind == TokenKind.Open)
            return Open(token);
        if (token.Kind == TokenKind.Close)
            return Close(token);
        if (open.Count == 0)
            return Refuse("expected-parenthesis", token.Start, "a definition begins with '('");
        return Add(new SyntaxTree.Node(token.Start, token.End - token.Start));
    }

    private bool Open(Token token)
    {
        if (open.Count >= 2 && StartsSection())
            CloseMissing(token);
        if (open.Count >= MaxDepth)
            return Refuse("too-deep", token.Start, $"parentheses nest more than {MaxDepth} deep");
        if (!Add(new SyntaxTree.Node(token.Start, -1)))
            return false;
        open.Push(new OpenList(nodes.Count - 1));
        return true;
    }

    private bool Add(SyntaxTree.Node node)
    {
        nodes.Add(node);
        if (nodes.Count > MostNodes)
            return Refuse("too-large", node.Start, $"the text has more than {MostNodes} parts");
        return !open.TryPeek(out var parent) || ++parent.Elements <= MostElements
            || Refuse("too-large", node.Start, $"this list has more than {MostElements} elements");
    }

    private bool Close(Token token)
    {
        if (open.Count == 0)
            return Refuse("extra-parenthesis", token.Start, "this ')' closes nothing");
        CloseInnermost();
        rootEnd = token.End;
        return true;
    }

    private bool AcceptTrailing(Token token)
    {
        if (token.Kind == TokenKind.Open && StartsSection())
        {
            errors.Add("extra-parenthesis", rootEnd - 1, "this ')' ends the definition, but another section follows");
            open.Push(new OpenList(0));
            return Open(token);
        }

        return token.Kind == TokenKind.Close
            ? Refuse("extra-parenthesis", token.Start, "this ')' closes nothing")
            : Refuse("trailing-text", token.Start, "text after the end of the definition");
    }

    private bool StartsSection()
    {
        var keyword = lexer.PeekKeyword();
        return !keyword.IsEmpty && Sections.GetAlternateLookup<ReadOnlySpan<char>>().Contains(keyword);
    }

    private void CloseMissing(Token token)
    {
        var missing = open.Count - 1;
        while (open.Count > 2)
            CloseInnermost();
        var section = open.Peek().Index;
        CloseInnermost();
        var shown = new SyntaxNode(new SyntaxTree(source, nodes), section).Shown;
        var what = missing == 1 ? "a ')' is" : $"{missing} ')' are";
        errors.Add("missing-parenthesis", token.Start, $"{what} missing before this section: {shown} is still open");
    }

    private void CloseInnermost()
    {
        var index = open.Pop().Index;
        nodes[index] = nodes[index] with { Extent = nodes.Count };
    }

    private bool Finish()
    {
        if (nodes.Count == 0)
            return Refuse("empty-text", 0, "the text holds no definition");
        if (open.Count == 0)
            return true;
        var innermost = nodes[open.Peek().Index].Start;
        var what = open.Count == 1 ? "a ')' is" : $"{open.Count} ')' are";
        return Refuse("missing-parenthesis", innermost, $"{what} missing at the end of the text: this '(' is never closed");
    }

    private bool Refuse(string code, int offset, string message)
    {
        errors.Add(code, offset, message);
        return false;
    }
}
