using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>Reads the numbers that fluents have in the initial state; one may be stated twice, but not with two values.</summary>
internal sealed class ValueReader
{
    private readonly Checker checker;
    private readonly Vocabulary vocabulary;
    private readonly NumericReader numeric;
    private readonly PlainAtomReader plain;
    private readonly Dictionary<int, int> indexAt;

    public ValueReader(Checker checker, Vocabulary vocabulary, Domain domain)
    {
        this.checker = checker;
        this.vocabulary = vocabulary;
        numeric = new NumericReader(checker, vocabulary, new TermReader(checker, vocabulary, new Scope()));
        plain = new PlainAtomReader([.. domain.Functions.Select(f => new PlainSymbol(f.Name, f.Parameters, CanBeStated: true))], vocabulary.Objects, domain.Types);
        Values = new InitialValueList(domain.Functions, vocabulary.Objects);
        indexAt = new Dictionary<int, int>(Values.Rows.ByContent);
    }

    public InitialValueList Values { get; }

    /// <summary>Reads a value, unless it is not plainly right.</summary>
    public bool TryRead(SyntaxNode node)
    {
        var elements = node.GetEnumerator();
        var place = Values.Rows.End;
        if (!elements.MoveNext() || !elements.Current.Is("=") || !elements.MoveNext() || !plain.TryRead(elements.Current, Values.Rows))
            return false;
        if (elements.MoveNext() && Number.TryParse(elements.Current.Span, out var value) && !elements.MoveNext())
            return TryKeep(place, value);
        Values.Rows.RemoveLast(place);
        return false;
    }

    /// <summary>Reads a value, and says what is wrong with it.</summary>
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
        Values.Rows.Add(plain.NumberOf(term.Function.Name), arguments);
        if (!TryKeep(place, value))
            checker.Error("conflicting-value", node, $"{term} already has another value");
    }

    /// <summary>Gives the fluent in the last row its value; false where it has another one, and the row is gone then.</summary>
    private bool TryKeep(int place, Number value)
    {
        if (indexAt.TryGetValue(place, out var index))
        {
            Values.Rows.RemoveLast(place);
            return Values.Numbers[index] == value;
        }

        indexAt.Add(place, Values.Numbers.Count);
        Values.Numbers.Add(value);
        return true;
    }
}
