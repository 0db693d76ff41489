using System.Collections.Immutable;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>Reads variables, objects, and their lists as arguments of predicates and functions, and checks their types.</summary>
internal sealed class TermReader(Checker checker, Vocabulary vocabulary, Scope scope)
{
    public Term? Read(SyntaxNode node) => Read(node, out _);

    /// <summary>The typed variables of a scope, each type declared and each name once.</summary>
    public ImmutableArray<Parameter> Parameters(ElementEnumerator elements)
    {
        var entries = new TypedListReader(checker, TypedListReader.Variable).Entries(elements);
        CheckDistinct(entries);
        return Typed(entries);
    }

    /// <summary>The variables in a declaration of a predicate; nothing refers to them by name, so names may recur.</summary>
    public ImmutableArray<Parameter> DeclaredParameters(ElementEnumerator elements) =>
        Typed(new TypedListReader(checker, TypedListReader.Variable).Entries(elements));

    private void CheckDistinct(List<TypedEntry> entries)
    {
        var seen = new HashSet<string>(Names.Comparer);
        foreach (var entry in entries)
        {
            if (!seen.Add(entry.Name))
                checker.Error("duplicate-variable", entry.Node, $"the variable {entry.Node.Shown} is declared twice");
        }
    }

    private ImmutableArray<Parameter> Typed(List<TypedEntry> entries)
    {
        foreach (var entry in entries.Where(e => e.TypeNode is not null).DistinctBy(e => e.TypeNode!.Value.Start))
            CheckType(entry.TypeNode!.Value, entry.Type);
        return [.. entries.Select(e => new Parameter(e.Name, e.Type))];
    }

    /// <summary>Checks that all names of a type are declared.</summary>
    public void CheckType(SyntaxNode node, TypeName type)
    {
        var known = vocabulary.TypeNames;
        foreach (var name in type.Alternatives)
        {
            if (!known.Contains(name))
                checker.Unknown("type", node.IsList ? node.Elements().Skip(1).First(e => e.Is(name)) : node, name, known);
        }
    }

    /// <summary>The arguments after the head of <paramref name="elements"/>; null if any of them is wrong.</summary>
    public ImmutableArray<Term>? Arguments(SyntaxNode[] elements, string name, ImmutableArray<Parameter> parameters)
    {
        var given = elements.Length - 1;
        if (given != parameters.Length)
        {
            checker.Error("arity", elements[0], $"'{name}' takes {Count(parameters.Length)}, not {given}");
            return null;
        }

        var terms = ImmutableArray.CreateBuilder<Term>(given);
        for (var i = 0; i < given; i++)
        {
            if (Read(elements[i + 1], out var type) is not { } term)
                continue;
            terms.Add(term);
            CheckFits(elements[i + 1], term, type, parameters[i].Type, $"argument {i + 1} of '{name}'");
        }

        return terms.Count == given ? terms.MoveToImmutable() : null;
    }

    private Term? Read(SyntaxNode node, out TypeName type)
    {
        type = TypeName.Object;
        if (node.IsVariable)
            return Variable(node, ref type);
        if (checker.Name(node, "a variable or an object") is not { } name)
            return null;
        if (vocabulary.Objects.IndexOf(name) is var index && index < 0)
        {
            checker.Unknown("object", node, name, vocabulary.Objects.Select(o => o.Name));
            return null;
        }

        type = vocabulary.Objects.TypeOf(index);
        return vocabulary.TermOf(index);
    }

    private VariableTerm? Variable(SyntaxNode node, ref TypeName type)
    {
        var name = node.Text[1..];
        if (scope.TypeOf(name) is { } found)
        {
            type = found;
            return new VariableTerm(name);
        }

        checker.Unknown("variable", node, name, scope.AllNames);
        return null;
    }

    private void CheckFits(SyntaxNode node, Term term, TypeName type, TypeName wanted, string what)
    {
        var fits = term is ObjectTerm ? vocabulary.Types.Belongs(type, wanted) : vocabulary.Types.IsSubtype(type, wanted);
        if (!fits && IsKnown(type) && IsKnown(wanted))
            checker.Error("wrong-type", node, $"{node.Shown} is of type {type}, but {what} must be of type {wanted}");
    }

    /// <summary>An undeclared type is reported where it stands, not at each use.</summary>
    private bool IsKnown(TypeName type) => type.Alternatives.All(vocabulary.TypeNames.Contains);

    private static string Count(int arguments) => arguments == 1 ? "1 argument" : $"{arguments} arguments";
}
