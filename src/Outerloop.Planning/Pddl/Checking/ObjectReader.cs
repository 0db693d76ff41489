using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>Reads constants or objects into the vocabulary.</summary>
internal static class ObjectReader
{
    public static void Read(Section? section, string what, Vocabulary vocabulary, Checker checker)
    {
        if (section is not { } found)
            return;
        var objects = vocabulary.Objects = WithRoom(vocabulary.Objects, found.Body);
        var terms = new TermReader(checker, vocabulary, new Scope());
        var untyped = objects.Length;
        new TypedListReader(checker, what).Read(found.Body, Add, Assign);

        void Add(SyntaxNode node)
        {
            if (!objects.TryAdd(node.Span))
                checker.Error("duplicate-object", node, $"'{node.Text}' is declared twice");
        }

        void Assign(SyntaxNode node, TypeName? type)
        {
            if (type is not null)
            {
                terms.CheckType(node, type);
                objects.SetTypes(untyped, type);
            }

            untyped = objects.Length;
        }
    }

    private static ObjectList WithRoom(ObjectList known, ElementEnumerator elements)
    {
        var (count, characters) = (0, 0);
        foreach (var element in elements)
        {
            if (element.IsSymbol)
                (count, characters) = (count + 1, characters + element.Length);
        }

        return new ObjectList(known, count, characters);
    }
}
