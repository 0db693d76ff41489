using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>Reads effects. A wrong part is reported and replaced by the empty effect, so that the rest is checked too.</summary>
internal sealed class EffectReader(Checker checker, Vocabulary vocabulary, Scope scope)
{
    private readonly ConditionReader conditions = new(checker, vocabulary, scope);
    private readonly NumericReader numeric = new(checker, vocabulary, new TermReader(checker, vocabulary, scope));

    public Effect Read(SyntaxNode node)
    {
        if (!node.IsList)
            return Wrong(node, $"expected an effect in parentheses, found {node.Shown}");
        var elements = node.Elements();
        if (elements.Length == 0)
            return Effect.None;
        if (!elements[0].IsSymbol)
            return Wrong(elements[0], $"expected 'and', a predicate or another effect, found {elements[0].Shown}");
        return Read(elements);
    }

    private Effect Read(SyntaxNode[] elements) => elements[0].Text.ToLowerInvariant() switch
    {
        "and" => new EffectConjunction([.. elements.Skip(1).Select(Read)]),
        "not" => Delete(elements),
        "when" => When(elements),
        "forall" => conditions.Quantified(elements, Read) is var (variables, body) ? new UniversalEffect(variables, body) : Effect.None,
        "assign" => Update(elements, UpdateOperator.Assign),
        "increase" => Update(elements, UpdateOperator.Increase),
        "decrease" => Update(elements, UpdateOperator.Decrease),
        "scale-up" => Update(elements, UpdateOperator.ScaleUp),
        "scale-down" => Update(elements, UpdateOperator.ScaleDown),
        "or" or "imply" or "exists" or "=" or "<" or ">" or "<=" or ">=" => Wrong(elements[0], $"'{elements[0].Text}' cannot stand in an effect"),
        _ => Literal(elements) is { } atom ? new AddEffect(atom) : Effect.None,
    };

    private Effect Delete(SyntaxNode[] elements)
    {
        if (elements.Length != 2 || elements[1].Elements() is not [{ IsSymbol: true }, ..] inner || ConditionReader.IsConnective(inner[0]))
            return Wrong(elements[0], "in an effect, 'not' takes one atom");
        return Literal(inner) is { } atom ? new DeleteEffect(atom) : Effect.None;
    }

    private Effect When(SyntaxNode[] elements)
    {
        if (elements.Length != 3)
            return Wrong(elements[0], "expected (when condition effect)");
        return new ConditionalEffect(conditions.Read(elements[1]), Read(elements[2]));
    }

    private Effect Update(SyntaxNode[] elements, UpdateOperator operation)
    {
        // A predicate may bear the name of an update; only its own arguments tell them apart.
        if (vocabulary.Predicates.ContainsKey(elements[0].Text) && elements.Skip(1).All(e => !e.IsList))
            return Literal(elements) is { } atom ? new AddEffect(atom) : Effect.None;
        if (elements.Length != 3)
            return Wrong(elements[0], $"expected ({elements[0].Text} (function) amount)");
        var (target, amount) = (numeric.Function(elements[1]), numeric.Read(elements[2]));
        return target is null || amount is null ? Effect.None : new NumericEffect(operation, target, amount);
    }

    private Atom? Literal(SyntaxNode[] elements)
    {
        var atom = conditions.Atom(elements);
        if (atom is { Predicate.IsDerived: true })
            checker.Error("derived-in-effect", elements[0], $"'{atom.Predicate.Name}' is derived by axioms, so no action can change it");
        return atom;
    }

    private Effect Wrong(SyntaxNode node, string message)
    {
        checker.Error("bad-effect", node, message);
        return Effect.None;
    }
}
