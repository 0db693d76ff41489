using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>Reads the numbers that fluents have in the initial state; one may be stated twice, but not with two values.</summary>
internal sealed class ValueReader
{
    private readonly Checker checker;
    private readonly Vocabulary vocabulary;
    private readonly NumericReader numeric;
    private readonly Dictionary<string, int> numberOf = new(Names.Comparer);
    private readonly Dictionary<int, int> indexAt;

    public ValueReader(Checker checker, Vocabulary vocabulary, Domain domain)
    {
        this.checker = checker;
        this.vocabulary = vocabulary;
        numeric = new NumericReader(checker, vocabulary, new TermReader(checker, vocabulary, new Scope()));
        foreach (var function in domain.Functions)
            numberOf.Add(function.Name, numberOf.Count);
        Values = new InitialValueList(domain.Functions, vocabulary.Objects);
        indexAt = new Dictionary<int, int>(Values.Rows.ByContent);
    }

    public InitialValueList Values { get; }

    /// <param name="parts">The elements of <c>(= (function …) number)</c>.</param>
    public void Read(SyntaxNode[] parts)
    {
        if (parts.Length != 3 || !Number.TryParse(parts[2].Span, out var value))
            checker.Error("bad-value", parts[0], "expected (= (function …) number)");
        else if (numeric.Function(parts[1]) is { } term && vocabulary.NumbersOf(term.Arguments) is { } arguments)
            Add(term, arguments, value, parts[0]);
    }

    private void Add(FunctionTerm term, int[] arguments, Number value, SyntaxNode node)
    {
        var place = Values.Rows.End;
        Values.Rows.Add(numberOf[term.Function.Name], arguments);
        if (indexAt.TryGetValue(place, out var index))
        {
            Values.Rows.RemoveLast(place);
            if (Values.Numbers[index] != value)
                checker.Error("conflicting-value", node, $"{term} already has another value");
            return;
        }

        indexAt.Add(place, Values.Numbers.Count);
        Values.Numbers.Add(value);
    }
}
