using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>A section of a definition, and the keyword that it starts with.</summary>
internal readonly record struct Section(SyntaxNode Node, SyntaxNode Keyword)
{
    /// <summary>What follows the keyword, one by one.</summary>
    public ElementEnumerator Body
    {
        get
        {
            var elements = Node.GetEnumerator();
            elements.MoveNext();
            return elements;
        }
    }

    /// <summary>The keyword and what follows it.</summary>
    public SyntaxNode[] Elements() => Node.Elements();
}

/// <summary>The shape that domains and problems share: <c>(define (kind name) (:section …) …)</c>, sections in any order.</summary>
internal sealed class Definition
{
    /// <summary>
    /// Of all sections but the <see cref="Bulk"/>, in characters. No domain or goal has as many; each of their parts
    /// becomes an object, which takes far more memory than its text.
    /// </summary>
    public const int Longest = 1 << 20;

    /// <summary>Sections that hold nothing but names or facts, which are kept in less memory than their text takes.</summary>
    private static readonly string[] Bulk = [":constants", ":objects", ":init"];

    private readonly Dictionary<string, List<Section>> sections = new(StringComparer.OrdinalIgnoreCase);
    private readonly Checker checker;
    private long length;

    private Definition(string name, Checker checker) => (Name, this.checker) = (name, checker);

    public string Name { get; }

    /// <summary>Reads the frame; null where there is nothing to go on.</summary>
    public static Definition? Read(SyntaxNode root, string kind, IReadOnlyList<string> known, IReadOnlyList<string> repeatable, Checker checker)
    {
        var elements = root.GetEnumerator();
        var isDefinition = elements.MoveNext() && elements.Current.Is("define");
        SyntaxNode? heading = elements.MoveNext() ? elements.Current : null;
        if (!isDefinition || heading?.Elements() is not [var word, var name] || !word.Is(kind))
        {
            checker.Error("bad-definition", heading ?? root, $"expected (define ({kind} name) …)");
            return null;
        }

        var definition = new Definition(checker.Name(name, $"the {kind}'s name") ?? "", checker);
        foreach (var element in elements)
            definition.Add(element, known, repeatable);
        return definition;
    }

    public IEnumerable<Section> All(string keyword) => sections.TryGetValue(keyword, out var found) ? found : [];

    public Section? Only(string keyword) => sections.TryGetValue(keyword, out var found) ? found[0] : null;

    private void Add(SyntaxNode node, IReadOnlyList<string> known, IReadOnlyList<string> repeatable)
    {
        if (node.Head is not { Kind: SyntaxKind.Keyword } keyword)
        {
            checker.Error("expected-section", node, $"expected a section such as ({known[^1]} …), found {node.Shown}");
            return;
        }

        var name = keyword.Text;
        if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
            checker.Error("unknown-section", keyword, $"{keyword.Shown} is no section of this kind of definition", Suggestion.For(name, known));
        else if (IsTooLong(node, name))
            checker.Error("too-large", node, $"the sections other than {string.Join(", ", Bulk)} have more than {Longest} characters");
        else
            Add(new Section(node, keyword), name, repeatable);
    }

    private void Add(Section section, string name, IReadOnlyList<string> repeatable)
    {
        if (!sections.TryGetValue(name, out var same))
            sections[name] = same = [];
        else if (!repeatable.Contains(name, StringComparer.OrdinalIgnoreCase))
            checker.Error("duplicate-section", section.Keyword, $"the section {name} appears twice");
        same.Add(section);
    }

    private bool IsTooLong(SyntaxNode node, string name) =>
        !Bulk.Contains(name, StringComparer.OrdinalIgnoreCase) && (length += node.Length) > Longest;
}
