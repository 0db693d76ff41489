using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>Reads the facts and numeric values of the initial state.</summary>
internal sealed class InitReader
{
    private readonly Checker checker;
    private readonly Vocabulary vocabulary;
    private readonly ConditionReader conditions;
    private readonly PlainAtomReader plain;
    private readonly ValueReader values;
    private readonly FactList denied;
    private readonly List<int> denialPlaces = [];

    public InitReader(Checker checker, Vocabulary vocabulary, Domain domain)
    {
        this.checker = checker;
        this.vocabulary = vocabulary;
        conditions = new ConditionReader(checker, vocabulary, new Scope());
        plain = new PlainAtomReader([.. domain.Predicates.Select(p => new PlainSymbol(p.Name, p.Parameters, !p.IsDerived))], vocabulary.Objects, domain.Types);
        values = new ValueReader(checker, vocabulary, domain);
        Facts = new FactList(domain.Predicates, vocabulary.Objects);
        denied = new FactList(domain.Predicates, vocabulary.Objects);
    }

    public FactList Facts { get; }

    public InitialValueList Values => values.Values;

    public void Read(ElementEnumerator elements)
    {
        foreach (var element in elements)
        {
            if (plain.TryRead(element, Facts.Rows) || values.TryRead(element))
                continue;
            if (element.Elements() is [{ IsSymbol: true } head, ..] parts)
                Read(element, head, parts);
            else
                checker.Error("expected-fact", element, $"expected a fact in parentheses, found {element.Shown}");
        }

        CheckDenied();
    }

    private void Read(SyntaxNode node, SyntaxNode head, SyntaxNode[] parts)
    {
        if (head.Is("="))
            values.Read(parts);
        else if (head.Is("not"))
            Denial(node, parts);
        else if (head.Is("at") && parts.Length == 3 && parts[2].IsList && Number.TryParse(parts[1].Span, out _))
            checker.Unsupported("timed initial literals", node);
        else
            AddFact(parts, Facts);
    }

    private bool AddFact(SyntaxNode[] parts, FactList facts)
    {
        if (conditions.Atom(parts) is not { } atom)
            return false;
        if (atom.Predicate.IsDerived)
        {
            checker.Error("derived-in-init", parts[0], $"'{atom.Predicate.Name}' is derived by axioms, so it cannot be stated");
            return false;
        }

        if (vocabulary.NumbersOf(atom.Arguments) is not { } arguments)
            return false;
        facts.Rows.Add(plain.NumberOf(atom.Predicate.Name), arguments);
        return true;
    }

    /// <summary>What is not stated does not hold anyway, so a denial only must not contradict a fact.</summary>
    private void Denial(SyntaxNode node, SyntaxNode[] parts)
    {
        if (parts.Length != 2 || parts[1].Elements() is not [{ IsSymbol: true }, ..] inner)
            checker.Error("expected-fact", node, "in the initial state, 'not' takes one fact");
        else if (AddFact(inner, denied))
            denialPlaces.Add(node.Start);
    }

    private void CheckDenied()
    {
        if (denied.Length == 0)
            return;
        var stated = new HashSet<int>(Facts.Rows.ByContent);
        foreach (var fact in Facts.Rows)
            stated.Add(fact.Place);
        var denial = 0;
        foreach (var fact in denied.Rows)
        {
            var place = Facts.Rows.End;
            Facts.Rows.Add(fact.Symbol, fact.Arguments);
            if (stated.Contains(place))
                checker.Errors.Add("contradictory-init", denialPlaces[denial], $"{denied.AtomOf(fact)} is both stated and denied");
            Facts.Rows.RemoveLast(place);
            denial++;
        }
    }
}
