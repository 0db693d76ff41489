using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>A section of a definition: its keyword's node and what follows it.</summary>
internal readonly record struct Section(SyntaxNode Node, SyntaxNode Keyword, SyntaxNode[] Elements)
{
    public SyntaxNode[] Body => Elements[1..];
}

/// <summary>The shape that domains and problems share: <c>(define (kind name) (:section …) …)</c>, sections in any order.</summary>
internal sealed class Definition
{
    private readonly Dictionary<string, List<Section>> sections = new(StringComparer.OrdinalIgnoreCase);

    private Definition(string name) => Name = name;

    public string Name { get; }

    /// <summary>Reads the frame; null where there is nothing to go on.</summary>
    public static Definition? Read(SyntaxNode root, string kind, IReadOnlyList<string> known, IReadOnlyList<string> repeatable, Checker checker)
    {
        var elements = root.Elements();
        if (elements.Length < 2 || !elements[0].Is("define") || elements[1].Elements() is not [var word, var name] || !word.Is(kind))
        {
            checker.Error("bad-definition", elements.Length > 1 ? elements[1] : root, $"expected (define ({kind} name) …)");
            return null;
        }

        var definition = new Definition(checker.Name(name, $"the {kind}'s name") ?? "");
        foreach (var element in elements.AsSpan(2))
            definition.Add(element, known, repeatable, checker);
        return definition;
    }

    public IEnumerable<Section> All(string keyword) => sections.TryGetValue(keyword, out var found) ? found : [];

    public Section? Only(string keyword) => sections.TryGetValue(keyword, out var found) ? found[0] : null;

    private void Add(SyntaxNode node, IReadOnlyList<string> known, IReadOnlyList<string> repeatable, Checker checker)
    {
        if (node.Elements() is not [{ Kind: SyntaxKind.Keyword } keyword, ..] elements)
        {
            checker.Error("expected-section", node, $"expected a section such as ({known[^1]} …), found {node.Shown}");
            return;
        }

        if (!known.Contains(keyword.Text, StringComparer.OrdinalIgnoreCase))
        {
            checker.Error("unknown-section", keyword, $"{keyword.Shown} is no section of this kind of definition", Suggestion.For(keyword.Text, known));
            return;
        }

        var name = keyword.Text;
        if (!sections.TryGetValue(name, out var same))
            sections[name] = same = [];
        else if (!repeatable.Contains(name, StringComparer.OrdinalIgnoreCase))
            checker.Error("duplicate-section", keyword, $"the section {name} appears twice");
        same.Add(new Section(node, keyword, elements));
    }
}
