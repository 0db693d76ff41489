using System.Collections.Immutable;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>Reads the facts and numeric values of the initial state.</summary>
internal sealed class InitReader
{
    private readonly Checker checker;
    private readonly Vocabulary vocabulary;
    private readonly ConditionReader conditions;
    private readonly NumericReader numeric;
    private readonly FactReader plain;
    private readonly ImmutableArray<GroundAtom>.Builder facts = ImmutableArray.CreateBuilder<GroundAtom>();
    private readonly ImmutableArray<InitialValue>.Builder values = ImmutableArray.CreateBuilder<InitialValue>();
    private readonly Dictionary<string, Number> valueOf = new(Names.Comparer);
    private readonly List<(SyntaxNode Node, GroundAtom Atom)> denied = [];

    public InitReader(Checker checker, Vocabulary vocabulary)
    {
        this.checker = checker;
        this.vocabulary = vocabulary;
        var scope = new Scope();
        conditions = new ConditionReader(checker, vocabulary, scope);
        plain = new FactReader(vocabulary);
        numeric = new NumericReader(checker, vocabulary, new TermReader(checker, vocabulary, scope));
    }

    public ImmutableArray<GroundAtom> Facts => facts.ToImmutable();

    public ImmutableArray<InitialValue> Values => values.ToImmutable();

    public void Read(SyntaxNode[] elements)
    {
        foreach (var element in elements)
        {
            if (plain.Read(element) is { } fact)
                facts.Add(fact);
            else if (element.Elements() is [{ IsSymbol: true } head, ..] parts)
                Read(element, head, parts);
            else
                checker.Error("expected-fact", element, $"expected a fact in parentheses, found {element.Shown}");
        }

        CheckDenied();
    }

    private void Read(SyntaxNode node, SyntaxNode head, SyntaxNode[] parts)
    {
        if (head.Is("="))
            Value(parts);
        else if (head.Is("not"))
            Denial(node, parts);
        else if (head.Is("at") && parts.Length == 3 && parts[2].IsList && Number.TryParse(parts[1].Span, out _))
            checker.Unsupported("timed initial literals", node);
        else if (Fact(parts) is { } fact)
            facts.Add(fact);
    }

    private GroundAtom? Fact(SyntaxNode[] parts)
    {
        if (conditions.Atom(parts) is not { } atom)
            return null;
        if (atom.Predicate.IsDerived)
            checker.Error("derived-in-init", parts[0], $"'{atom.Predicate.Name}' is derived by axioms, so it cannot be stated");
        return Ground(atom.Arguments) is { } arguments ? new GroundAtom(atom.Predicate, arguments) : null;
    }

    private void Value(SyntaxNode[] parts)
    {
        if (parts.Length != 3 || !Number.TryParse(parts[2].Span, out var value))
        {
            checker.Error("bad-value", parts[0], "expected (= (function …) number)");
            return;
        }

        if (numeric.Function(parts[1]) is not { } term || Ground(term.Arguments) is not { } arguments)
            return;
        var initial = new InitialValue(term.Function, arguments, value);
        if (valueOf.TryAdd(term.ToString(), value))
            values.Add(initial);
        else if (valueOf[term.ToString()] != value)
            checker.Error("conflicting-value", parts[0], $"{term} already has another value");
    }

    /// <summary>What is not stated does not hold anyway, so a denial only must not contradict a fact.</summary>
    private void Denial(SyntaxNode node, SyntaxNode[] parts)
    {
        if (parts.Length != 2 || parts[1].Elements() is not [{ IsSymbol: true }, ..] inner)
            checker.Error("expected-fact", node, "in the initial state, 'not' takes one fact");
        else if (Fact(inner) is { } fact)
            denied.Add((node, fact));
    }

    private void CheckDenied()
    {
        if (denied.Count == 0)
            return;
        var stated = facts.Select(f => f.ToString()).ToHashSet(Names.Comparer);
        foreach (var (node, atom) in denied.Where(d => stated.Contains(d.Atom.ToString())))
            checker.Error("contradictory-init", node, $"{atom} is both stated and denied");
    }

    /// <summary>The objects of arguments without variables; there are none in scope, so variables are reported already.</summary>
    private static ImmutableArray<PddlObject>? Ground(ImmutableArray<Term> arguments)
    {
        var objects = ImmutableArray.CreateBuilder<PddlObject>(arguments.Length);
        foreach (var argument in arguments)
        {
            if (argument is not ObjectTerm term)
                return null;
            objects.Add(term.Object);
        }

        return objects.MoveToImmutable();
    }
}
