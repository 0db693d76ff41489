using System.Collections.Frozen;
using System.Runtime.InteropServices;

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
    public const int MostParts = 1 << 24;
    public const int MostElements = 1 << 22;

    /// <summary>
    /// Of a list inside a section, such as a condition: only objects and facts come in millions. Their readers may turn
    /// every element into an object of its own.
    /// </summary>
    public const int MostInnerElements = 1 << 18;

    private static readonly FrozenSet<string> Sections = FrozenSet.ToFrozenSet(
        [
            ":requirements", ":types", ":constants", ":predicates", ":functions", ":action", ":durative-action",
            ":derived", ":process", ":event", ":constraints", ":domain", ":objects", ":init", ":goal", ":metric", ":length",
        ],
        StringComparer.OrdinalIgnoreCase);

    private readonly string text;
    private readonly DiagnosticBag errors;
    private readonly List<SyntaxTree.List> lists;
    private readonly OpenList[] open = new OpenList[MaxDepth];
    private int depth;
    private int parts;
    private int rootEnd = -1;

    /// <summary>A list that is not closed yet: its number among all lists, where it starts, how many elements it has so far.</summary>
    [StructLayout(LayoutKind.Auto)]
    private record struct OpenList(int Number, int Start, int Elements);

    private SyntaxParser(SourceText source, DiagnosticBag errors)
    {
        this.errors = errors;
        text = source.Text;
        lists = new List<SyntaxTree.List>(Math.Min(text.AsSpan().Count('('), MostParts));
    }

    /// <summary>The tree, or null where the text is so broken that further checks would only add noise.</summary>
    public static SyntaxTree? Parse(SourceText source, DiagnosticBag errors) => new SyntaxParser(source, errors).Parse();

    private SyntaxTree? Parse()
    {
        for (var token = Lexer.Read(text, 0); token.Kind != TokenKind.End && !errors.IsFull; token = Lexer.Read(text, token.End))
        {
            if (!Accept(token))
                return null;
        }

        return errors.IsFull || !Finish() ? null : new SyntaxTree(new SyntaxNode(text, lists, 0, open[0].Start, lists[0].End));
    }

    private bool Accept(Token token)
    {
        if (token.Kind == TokenKind.Bad)
            errors.Add("bad-character", token.Start, $"the character {Characters.Show(text[token.Start])} has no place in PDDL");
        else if (lists.Count > 0 && depth == 0)
            return AcceptTrailing(token);
        else if (token.Kind == TokenKind.Open)
            return Open(token);
        else if (token.Kind == TokenKind.Close)
            return Close(token);
        else if (depth == 0)
            return Refuse("expected-parenthesis", token.Start, "a definition begins with '('");
        else
            return Count(token);
        return true;
    }

    private bool Open(Token token)
    {
        if (depth >= 2 && StartsSection(token))
            CloseMissing(token);
        if (depth >= MaxDepth)
            return Refuse("too-deep", token.Start, $"parentheses nest more than {MaxDepth} deep");
        if (!Count(token))
            return false;
        open[depth++] = new OpenList(lists.Count, token.Start, 0);
        lists.Add(default);
        return true;
    }

    private bool Count(Token token)
    {
        if (++parts > MostParts)
            return Refuse("too-large", token.Start, $"the text has more than {MostParts} parts");
        var most = depth > 2 ? MostInnerElements : MostElements;
        return depth == 0 || ++open[depth - 1].Elements <= most
            || Refuse("too-large", token.Start, $"this list has more than {most} elements");
    }

    private bool Close(Token token)
    {
        if (depth == 0)
            return Refuse("extra-parenthesis", token.Start, "this ')' closes nothing");
        CloseInnermost(token.End);
        rootEnd = token.End;
        return true;
    }

    private bool AcceptTrailing(Token token)
    {
        if (token.Kind == TokenKind.Open && StartsSection(token))
        {
            errors.Add("extra-parenthesis", rootEnd - 1, "this ')' ends the definition, but another section follows");
            depth = 1;
            return Open(token);
        }

        return token.Kind == TokenKind.Close
            ? Refuse("extra-parenthesis", token.Start, "this ')' closes nothing")
            : Refuse("trailing-text", token.Start, "text after the end of the definition");
    }

    /// <summary>Whether a section's keyword follows the parenthesis.</summary>
    private bool StartsSection(Token parenthesis)
    {
        var next = Lexer.Read(text, parenthesis.End);
        return next.Kind == TokenKind.Keyword
            && Sections.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text.AsSpan(next.Start, next.End - next.Start));
    }

    private void CloseMissing(Token token)
    {
        var missing = depth - 1;
        while (depth > 2)
            CloseInnermost(token.Start);
        var section = open[1];
        CloseInnermost(token.Start);
        var shown = new SyntaxNode(text, lists, section.Number, section.Start, token.Start).Shown;
        var what = missing == 1 ? "a ')' is" : $"{missing} ')' are";
        errors.Add("missing-parenthesis", token.Start, $"{what} missing before this section: {shown} is still open");
    }

    private void CloseInnermost(int end) => lists[open[--depth].Number] = new SyntaxTree.List(end, lists.Count);

    private bool Finish()
    {
        if (lists.Count == 0)
            return Refuse("empty-text", 0, "the text holds no definition");
        if (depth == 0)
            return true;
        var what = depth == 1 ? "a ')' is" : $"{depth} ')' are";
        return Refuse("missing-parenthesis", open[depth - 1].Start, $"{what} missing at the end of the text: this '(' is never closed");
    }

    private bool Refuse(string code, int offset, string message)
    {
        errors.Add(code, offset, message);
        return false;
    }
}
