using System.Collections.Immutable;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>Reads the declarations of predicates and functions into the vocabulary.</summary>
internal sealed class DeclarationReader(Checker checker, Vocabulary vocabulary)
{
    private readonly TermReader terms = new(checker, vocabulary, new Scope());

    public ImmutableArray<Predicate> Predicates(Section? section, HashSet<string> derived)
    {
        var result = ImmutableArray.CreateBuilder<Predicate>();
        foreach (var node in section?.Body ?? default)
        {
            if (Heading(node, "a predicate") is not var (name, parameters))
                continue;
            var predicate = new Predicate(name, parameters, derived.Contains(name));
            if (vocabulary.Predicates.TryAdd(name, predicate))
                result.Add(predicate);
            else
                checker.Error("duplicate-predicate", node.Head!.Value, $"the predicate '{name}' is declared twice");
        }

        return result.ToImmutable();
    }

    /// <summary>A typed list of headings; the type can only be <c>number</c>, others are object fluents.</summary>
    public ImmutableArray<Function> Functions(Section? section)
    {
        var result = ImmutableArray.CreateBuilder<Function>();
        var body = section?.Elements()[1..] ?? [];
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i].Is("-") && i > 0)
                CheckNumberType(body, ++i);
            else if (Heading(body[i], "a function") is var (name, parameters))
                Declare(new Function(name, parameters), body[i], result);
        }

        return result.ToImmutable();
    }

    private void CheckNumberType(SyntaxNode[] body, int index)
    {
        if (index >= body.Length)
            checker.Error("missing-type", body[^1], "a type must follow this '-'");
        else if (!body[index].Is("number"))
            checker.Unsupported(Checker.ObjectFluents, body[index]);
    }

    private void Declare(Function function, SyntaxNode node, ImmutableArray<Function>.Builder result)
    {
        if (vocabulary.Functions.TryAdd(function.Name, function))
            result.Add(function);
        else
            checker.Error("duplicate-function", node.Head!.Value, $"the function '{function.Name}' is declared twice");
    }

    private (string Name, ImmutableArray<Parameter> Parameters)? Heading(SyntaxNode node, string what)
    {
        var elements = node.GetEnumerator();
        if (!elements.MoveNext())
        {
            checker.Error("expected-declaration", node, $"expected the declaration of {what} in parentheses, found {node.Shown}");
            return null;
        }

        var errors = checker.Errors.Count;
        var name = checker.Name(elements.Current, what);
        var parameters = terms.DeclaredParameters(elements);
        if (checker.Errors.Count > errors && name is not null)
            vocabulary.Broken.Add(name);
        return name is null || checker.Errors.Count > errors ? null : (name, parameters);
    }
}
