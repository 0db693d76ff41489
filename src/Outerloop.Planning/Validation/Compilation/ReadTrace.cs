namespace Outerloop.Planning.Validation.Compilation;

/// <summary>Visits every fact and number that a condition or effect mentions in a frame, whether or not its truth depends on it.</summary>
internal sealed class ReadTrace(Action<Fact> onFact, Action<Fact> onNumber)
{
    public void Visit(CompiledCondition condition, Frame frame)
    {
        switch (condition)
        {
            case AtomTest atom:
                onFact(atom.Relation.FactOf(atom.Arguments, frame.Slots));
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

    /// <summary>The conditions of conditional effects and the amounts of numeric ones; what is written is not read.</summary>
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

    private void Visit(CompiledExpression expression, Frame frame)
    {
        if (expression is FluentExpression fluent)
            onNumber(fluent.Function.FactOf(fluent.Arguments, frame.Slots));
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
