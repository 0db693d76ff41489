using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation.Compilation;

/// <summary>
/// A condition in negation normal form over numbered relations and slots: negation stands only in the leaves, so that
/// each part that fails can be named by itself.
/// </summary>
internal abstract class CompiledCondition
{
    public abstract Truth Evaluate(Frame frame);

    public bool Holds(Frame frame) => Evaluate(frame) == Truth.True;
}

internal sealed class AtomTest(Relation relation, int[] terms, bool wanted) : CompiledCondition
{
    public Relation Relation => relation;

    public int[] Arguments => terms;

    public bool Wanted => wanted;

    public override Truth Evaluate(Frame frame) =>
        frame.State.Holds(relation, terms, frame.Slots) == wanted ? Truth.True : Truth.False;
}

internal sealed class EqualityTest(int left, int right, bool wanted) : CompiledCondition
{
    public int Left => left;

    public int Right => right;

    public bool Wanted => wanted;

    public override Truth Evaluate(Frame frame) =>
        Truths.Of(Terms.Resolve(left, frame.Slots) == Terms.Resolve(right, frame.Slots) == wanted);
}

internal sealed class ComparisonTest(ComparisonOperator operation, CompiledExpression left, CompiledExpression right, bool wanted)
    : CompiledCondition
{
    public ComparisonOperator Operation => operation;

    public CompiledExpression Left => left;

    public CompiledExpression Right => right;

    public bool Wanted => wanted;

    public override Truth Evaluate(Frame frame) =>
        left.Evaluate(frame) is { } a && right.Evaluate(frame) is { } b ? Truths.Of(Compare(a.CompareTo(b)) == wanted) : Truth.Undefined;

    private bool Compare(int order) => operation switch
    {
        ComparisonOperator.Less => order < 0,
        ComparisonOperator.LessOrEqual => order <= 0,
        ComparisonOperator.Equal => order == 0,
        ComparisonOperator.GreaterOrEqual => order >= 0,
        _ => order > 0,
    };
}

internal sealed class AllOf(CompiledCondition[] parts) : CompiledCondition
{
    public CompiledCondition[] Parts => parts;

    public override Truth Evaluate(Frame frame)
    {
        var result = Truth.True;
        foreach (var part in parts)
        {
            var truth = part.Evaluate(frame);
            if (truth == Truth.False)
                return truth;
            if (truth < result)
                result = truth;
        }

        return result;
    }
}

internal sealed class AnyOf(CompiledCondition[] parts) : CompiledCondition
{
    public CompiledCondition[] Parts => parts;

    public override Truth Evaluate(Frame frame)
    {
        var result = Truth.False;
        foreach (var part in parts)
        {
            var truth = part.Evaluate(frame);
            if (truth == Truth.True)
                return truth;
            if (truth > result)
                result = truth;
        }

        return result;
    }
}

/// <summary>'forall' where <c>universal</c>, else 'exists': each choice of the variables in turn, until the answer is known.</summary>
internal sealed class Quantified(QuantifiedVariable[] variables, CompiledCondition body, bool universal, Condition source)
    : CompiledCondition
{
    public QuantifiedVariable[] Variables => variables;

    public CompiledCondition Body => body;

    public bool IsUniversal => universal;

    /// <summary>The condition as written, without a negation around it.</summary>
    public Condition Source => source;

    private Truth Decisive => universal ? Truth.False : Truth.True;

    public override Truth Evaluate(Frame frame) => Evaluate(frame, 0);

    /// <summary>Leaves in the frame the first choice for which the body has the decisive value.</summary>
    private Truth Evaluate(Frame frame, int depth)
    {
        if (depth == variables.Length)
            return body.Evaluate(frame);
        var (slot, members, _) = variables[depth];
        var result = universal ? Truth.True : Truth.False;
        foreach (var member in members)
        {
            frame.Tick();
            frame.Slots[slot] = member;
            var truth = Evaluate(frame, depth + 1);
            if (truth == Decisive)
                return truth;
            if (truth == Truth.Undefined)
                result = truth;
        }

        return result;
    }
}

/// <summary>A variable that runs over the objects of its type.</summary>
internal readonly record struct QuantifiedVariable(int Slot, int[] Members, string Name);
