using System.Collections.Immutable;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>One entry of a typed list, and where its type stands if it has one.</summary>
internal readonly record struct TypedEntry(SyntaxNode Node, string Name, TypeName Type, SyntaxNode? TypeNode);

/// <summary>Reads <c>a b - t c - (either u v) d</c>: entries share the type that follows them, the last ones default to object.</summary>
/// <param name="checker">Takes the errors.</param>
/// <param name="what">What an entry names, as messages put it.</param>
internal sealed class TypedListReader(Checker checker, string what)
{
    /// <summary>Says that the entries are variables.</summary>
    public const string Variable = "a variable";

    /// <summary>Hands out names and types in the order of the text, so that long lists need not be kept.</summary>
    /// <param name="elements">The list.</param>
    /// <param name="name">Takes each name.</param>
    /// <param name="type">Takes the type of the names since the last one; null where it cannot be read.</param>
    public void Read(ElementEnumerator elements, Action<SyntaxNode> name, Action<SyntaxNode, TypeName?> type)
    {
        var isTyped = true;
        while (elements.MoveNext())
        {
            var node = elements.Current;
            if (!node.Is("-"))
            {
                if (!IsEntry(node))
                    continue;
                name(node);
                isTyped = false;
                continue;
            }

            if (isTyped)
                checker.Error("misplaced-type", node, "this '-' follows no name");
            if (elements.MoveNext())
                type(elements.Current, Type(elements.Current));
            else
                checker.Error("missing-type", node, "a type must follow this '-'");
            isTyped = true;
        }
    }

    /// <summary>The entries of a short list; variables without their '?'.</summary>
    public List<TypedEntry> Entries(ElementEnumerator elements)
    {
        var entries = new List<TypedEntry>();
        var untyped = 0;
        Read(elements, Add, Assign);
        return entries;

        void Add(SyntaxNode node) => entries.Add(new TypedEntry(node, node.Text.TrimStart('?'), TypeName.Object, null));

        void Assign(SyntaxNode node, TypeName? type)
        {
            for (var i = untyped; i < entries.Count && type is not null; i++)
                entries[i] = entries[i] with { Type = type, TypeNode = node };
            untyped = entries.Count;
        }
    }

    private bool IsEntry(SyntaxNode node)
    {
        if (what != Variable)
            return checker.IsName(node, what);
        if (node.IsVariable && node.Length > 1)
            return true;
        checker.Error("expected-variable", node, $"expected {what}, found {node.Shown}");
        return false;
    }

    private TypeName? Type(SyntaxNode node)
    {
        if (!node.IsList)
            return checker.Name(node, "a type") is { } name ? new TypeName([name]) : null;
        var elements = node.Elements();
        if (elements.Length < 2 || !elements[0].Is("either"))
        {
            checker.Error("bad-type", node, "a type is a name or (either name …)");
            return null;
        }

        var names = elements.Skip(1).Select(e => checker.Name(e, "a type")).OfType<string>().ToImmutableArray();
        return names.IsEmpty ? null : new TypeName(names);
    }
}
