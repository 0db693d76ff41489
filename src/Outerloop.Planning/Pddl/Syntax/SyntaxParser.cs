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
    private readonly Stack<int> open = new();
    private int rootEnd = -1;

    private SyntaxParser(SourceText source, DiagnosticBag errors)
    {
        this.source = source;
        this.errors = errors;
        lexer = new Lexer(source.Text, errors);
        nodes = new List<SyntaxTree.Node>(source.Text.Length / CharactersPerNode);
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
        nodes.Add(new SyntaxTree.Node(KindOf(token.Kind), token.Start, token.End, nodes.Count + 1));
        return true;
    }

    private bool Open(Token token)
    {
        if (open.Count >= 2 && StartsSection())
            CloseMissing(token);
        if (open.Count >= MaxDepth)
            return Refuse("too-deep", token.Start, $"parentheses nest more than {MaxDepth} deep");
        open.Push(nodes.Count);
        nodes.Add(new SyntaxTree.Node(SyntaxKind.List, token.Start, token.End, -1));
        return true;
    }

    private bool Close(Token token)
    {
        if (open.Count == 0)
            return Refuse("extra-parenthesis", token.Start, "this ')' closes nothing");
        CloseInnermost(token.End);
        rootEnd = token.End;
        return true;
    }

    private bool AcceptTrailing(Token token)
    {
        if (token.Kind == TokenKind.Open && StartsSection())
        {
            errors.Add("extra-parenthesis", rootEnd - 1, "this ')' ends the definition, but another section follows");
            open.Push(0);
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
            CloseInnermost(token.Start);
        var section = open.Peek();
        CloseInnermost(token.Start);
        var shown = new SyntaxNode(new SyntaxTree(source, nodes), section).Shown;
        var what = missing == 1 ? "a ')' is" : $"{missing} ')' are";
        errors.Add("missing-parenthesis", token.Start, $"{what} missing before this section: {shown} is still open");
    }

    private void CloseInnermost(int end)
    {
        var index = open.Pop();
        nodes[index] = nodes[index] with { End = end, Next = nodes.Count };
    }

    private bool Finish()
    {
        if (nodes.Count == 0)
            return Refuse("empty-text", 0, "the text holds no definition");
        if (open.Count == 0)
            return true;
        var innermost = nodes[open.Peek()].Start;
        var what = open.Count == 1 ? "a ')' is" : $"{open.Count} ')' are";
        return Refuse("missing-parenthesis", innermost, $"{what} missing at the end of the text: this '(' is never closed");
    }

    private bool Refuse(string code, int offset, string message)
    {
        errors.Add(code, offset, message);
        return false;
    }

    private static SyntaxKind KindOf(TokenKind kind) => kind switch
    {
        TokenKind.Variable => SyntaxKind.Variable,
        TokenKind.Keyword => SyntaxKind.Keyword,
        _ => SyntaxKind.Symbol,
    };
}
