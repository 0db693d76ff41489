using System.Collections.Immutable;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>Reads variables, objects, and their lists as arguments of predicates and functions, and checks their types.</summary>
internal sealed class TermReader(Checker checker, Vocabulary vocabulary, Scope scope)
{
    public Term? Read(SyntaxNode node) => Read(node, out _);

    /// <summary>The typed variables of a scope, each type declared and each name once.</summary>
    public ImmutableArray<Parameter> Parameters(SyntaxNode[] elements)
    {
        var entries = new TypedListReader(checker).Variables(elements);
        CheckDistinct(entries);
        return Typed(entries);
    }

    /// <summary>The variables in a declaration of a predicate; nothing refers to them by name, so names may recur.</summary>
    public ImmutableArray<Parameter> DeclaredParameters(SyntaxNode[] elements) =>
        Typed(new TypedListReader(checker).Variables(elements));

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
        CheckTypes(entries);
        return [.. entries.Select(e => new Parameter(e.Name, e.Type))];
    }

    public void CheckTypes(IEnumerable<TypedEntry> entries)
    {
        var known = vocabulary.TypeNames;
        var reported = new HashSet<int>();
        foreach (var entry in entries.Where(e => e.TypeNode is not null && reported.Add(e.TypeNode.Value.Start)))
        {
            foreach (var name in entry.Type.Alternatives.Where(n => !known.Contains(n)))
                checker.Unknown("type", TypeNodeOf(entry, name), name, known);
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
        if (!vocabulary.Objects.TryGetValue(name, out var found))
        {
            checker.Unknown("object", node, name, vocabulary.Objects.Keys);
            return null;
        }

        type = found.Type;
        return new ObjectTerm(found);
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

    private static SyntaxNode TypeNodeOf(TypedEntry entry, string name) =>
        entry.TypeNode!.Value is { IsList: true } either ? either.Elements().Skip(1).First(e => e.Is(name)) : entry.TypeNode.Value;

    private static string Count(int arguments) => arguments == 1 ? "1 argument" : $"{arguments} arguments";
}
