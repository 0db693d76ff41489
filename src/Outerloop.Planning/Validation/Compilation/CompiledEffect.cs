using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation.Compilation;

/// <summary>An effect over numbered relations and slots. It reads the state and adds to the changes; it alters nothing itself.</summary>
internal abstract class CompiledEffect
{
    public abstract void Collect(Frame frame, Changes changes);
}

internal sealed class FactEffect(Relation relation, int[] terms, bool value) : CompiledEffect
{
    public override void Collect(Frame frame, Changes changes) =>
        changes.Add(relation.FactOf(terms, frame.Slots), value);
}

internal sealed class EffectSequence(CompiledEffect[] parts) : CompiledEffect
{
    public CompiledEffect[] Parts => parts;

    public override void Collect(Frame frame, Changes changes)
    {
        foreach (var part in parts)
            part.Collect(frame, changes);
    }
}

internal sealed class ConditionalEffectTest(CompiledCondition condition, CompiledEffect effect) : CompiledEffect
{
    public CompiledCondition Condition => condition;

    public CompiledEffect Effect => effect;

    public override void Collect(Frame frame, Changes changes)
    {
        var truth = condition.Evaluate(frame);
        if (truth == Truth.True)
            effect.Collect(frame, changes);
        else if (truth == Truth.Undefined)
            changes.Undefined ??= "the condition of an effect";
    }
}

internal sealed class EffectForAll(QuantifiedVariable[] variables, CompiledEffect effect) : CompiledEffect
{
    public QuantifiedVariable[] Variables => variables;

    public CompiledEffect Effect => effect;

    public override void Collect(Frame frame, Changes changes) => Collect(frame, changes, 0);

    private void Collect(Frame frame, Changes changes, int depth)
    {
        if (depth == variables.Length)
        {
            effect.Collect(frame, changes);
            return;
        }

        var (slot, members, _) = variables[depth];
        foreach (var member in members)
        {
            frame.Tick();
            frame.Slots[slot] = member;
            Collect(frame, changes, depth + 1);
        }
    }
}

internal sealed class UpdateEffect(UpdateOperator operation, Relation function, int[] terms, CompiledExpression amount)
    : CompiledEffect
{
    public CompiledExpression Amount => amount;

    public override void Collect(Frame frame, Changes changes)
    {
        if (amount.Evaluate(frame) is { } value)
            changes.Add(new Update(function.FactOf(terms, frame.Slots), operation, value));
        else
            changes.Undefined ??= $"the amount by which ({function.Name} …) changes";
    }
}
