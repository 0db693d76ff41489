namespace Outerloop.Planning.Validation.Compilation;

/// <summary>
/// Collects every fact and number that conditions and effects mention in a frame, whether or not their truth depends on
/// it. What mentions a derived fact mentions whatever the axioms could derive it from.
/// </summary>
internal sealed class ReadTrace(Derivation derivation, HashSet<Fact> facts, HashSet<Fact> numbers)
{
    // A queue, since a chain of axioms can be as long as there are facts.
    private readonly Queue<(Relation Relation, int[] Objects)> derived = new();

    public void Visit(CompiledCondition condition, Frame frame)
    {
        switch (condition)
        {
            case AtomTest atom:
                Visit(atom, frame);
                break;
            case ComparisonTest comparison:
                Visit(comparison.Left, frame);
                Visit(comparison.Right, frame);
                break;
            case AllOf all:
                foreach (var part in all.Parts)
                    Visit(part, frame);
                break;
            case AnyOf any:
                foreach (var part in any.Parts)
                    Visit(part, frame);
                break;
            case Quantified quantified:
                Each(quantified.Variables, frame, 0, () => Visit(quantified.Body, frame));
                break;
        }
    }

    /// <summary>
    /// The conditions of conditional effects and the amounts of numeric ones; what is written is not read, and what a
    /// condition guards is no part of the step where the condition does not hold (PDDL 2.1, "flattening").
    /// </summary>
    public void Visit(CompiledEffect effect, Frame frame)
    {
        switch (effect)
        {
            case EffectSequence sequence:
                foreach (var part in sequence.Parts)
                    Visit(part, frame);
                break;
            case ConditionalEffectTest conditional:
                Visit(conditional.Condition, frame);
                if (conditional.Condition.Holds(frame))
                    Visit(conditional.Effect, frame);
                break;
            case EffectForAll all:
                Each(all.Variables, frame, 0, () => Visit(all.Effect, frame));
                break;
            case UpdateEffect update:
                Visit(update.Amount, frame);
                break;
        }
    }

    /// <summary>Adds what the derived facts found so far can follow from.</summary>
    public void FollowAxioms(Frame frame)
    {
        while (derived.TryDequeue(out var fact))
        {
            foreach (var axiom in derivation.AxiomsOf(fact.Relation).Where(axiom => axiom.Types.Zip(fact.Objects).All(pair => pair.First.Contains(pair.Second))))
            {
                var inner = frame.Unbound();
                fact.Objects.CopyTo(inner.Slots, 0);
                Visit(axiom.Body, inner);
            }
        }
    }

    private void Visit(AtomTest atom, Frame frame)
    {
        if (facts.Add(atom.Relation.FactOf(atom.Arguments, frame.Slots)) && atom.Relation.IsDerived)
            derived.Enqueue((atom.Relation, [.. atom.Arguments.Select(term => Terms.Resolve(term, frame.Slots))]));
    }

    private void Visit(CompiledExpression expression, Frame frame)
    {
        if (expression is FluentExpression fluent)
            numbers.Add(fluent.Function.FactOf(fluent.Arguments, frame.Slots));
        else if (expression is ArithmeticExpression arithmetic)
        {
            foreach (var operand in arithmetic.Operands)
                Visit(operand, frame);
        }
    }

    private static void Each(QuantifiedVariable[] variables, Frame frame, int depth, Action body)
    {
        if (depth == variables.Length)
        {
            body();
            return;
        }

        foreach (var member in variables[depth].Members)
        {
            frame.Tick();
            frame.Slots[variables[depth].Slot] = member;
            Each(variables, frame, depth + 1, body);
        }
    }
}
