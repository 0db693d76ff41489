using System.Collections.Immutable;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>One entry of a typed list, and where its type stands if it has one.</summary>
internal readonly record struct TypedEntry(SyntaxNode Node, string Name, TypeName Type, SyntaxNode? TypeNode);

/// <summary>Reads <c>a b - t c - (either u v) d</c>: entries share the type that follows them, the last ones default to object.</summary>
internal sealed class TypedListReader(Checker checker)
{
    /// <summary>Names of types, constants, objects.</summary>
    public List<TypedEntry> Names(ReadOnlySpan<SyntaxNode> elements, string what) => Read(elements, what, variables: false);

    /// <summary>Names of variables, without their '?'.</summary>
    public List<TypedEntry> Variables(ReadOnlySpan<SyntaxNode> elements) => Read(elements, "a variable", variables: true);

    private List<TypedEntry> Read(ReadOnlySpan<SyntaxNode> elements, string what, bool variables)
    {
        var entries = new List<TypedEntry>(elements.Length);
        var untyped = 0;
        for (var i = 0; i < elements.Length; i++)
        {
            if (!elements[i].Is("-"))
            {
                if (EntryName(elements[i], what, variables) is { } name)
                    entries.Add(new TypedEntry(elements[i], name, TypeName.Object, null));
                continue;
            }

            if (untyped == entries.Count)
                checker.Error("misplaced-type", elements[i], "this '-' follows no name");
            if (i + 1 == elements.Length)
                checker.Error("missing-type", elements[i], "a type must follow this '-'");
            else
                Assign(entries, untyped, elements[++i]);
            untyped = entries.Count;
        }

        return entries;
    }

    private string? EntryName(SyntaxNode node, string what, bool variables)
    {
        if (!variables)
            return checker.Name(node, what);
        if (node.IsVariable && node.Span.Length > 1)
            return node.Text[1..];
        checker.Error("expected-variable", node, $"expected {what}, found {node.Shown}");
        return null;
    }

    private void Assign(List<TypedEntry> entries, int from, SyntaxNode typeNode)
    {
        if (Type(typeNode) is not { } type)
            return;
        for (var i = from; i < entries.Count; i++)
            entries[i] = entries[i] with { Type = type, TypeNode = typeNode };
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
