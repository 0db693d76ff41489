using Outerloop.Planning.Search.Invariants;

namespace Outerloop.Planning.Search.Grounding;

/// <summary>
/// A planning task over numbered facts. A state is a bit set of them. A <see cref="Variable"/> stands for an atom: it has
/// a fact that says that the atom holds, or one that says that it does not, or both, as conditions need them.
/// </summary>
internal sealed record GroundTask(int FactCount, Variable[] Variables, GroundOperator[] Operators, ulong[] Initial, int[] Goal)
{
    /// <summary>Known for what cannot lead to the goal, whatever the operators; null where nothing is known.</summary>
    public DeadEnds? DeadEnds { get; init; }

    /// <summary>The length of a state.</summary>
    public int Words => Initial.Length;

    public bool IsGoal(ReadOnlySpan<ulong> state) => Holds(Goal, state);

    public static bool Holds(int[] facts, ReadOnlySpan<ulong> state)
    {
        foreach (var fact in facts)
        {
            if ((state[fact >> 6] >> fact & 1) == 0)
                return false;
        }

        return true;
    }

    /// <summary>Writes the state after the operator, which must be applicable in <paramref name="before"/>.</summary>
    public void Apply(GroundOperator step, ReadOnlySpan<ulong> before, Span<ulong> after)
    {
        before.CopyTo(after);
        foreach (var effect in step.Effects)
        {
            if (Holds(effect.Condition, before))
                SetAll(effect.Deletes, after, value: false);
        }

        // An atom that is both deleted and added holds afterwards.
        foreach (var effect in step.Effects)
        {
            if (Holds(effect.Condition, before))
                SetAll(effect.Adds, after, value: true);
        }
    }

    /// <summary>The facts that an effect makes true.</summary>
    public int[] SetBy(GroundEffect effect) => Facts(effect.Adds, effect.Deletes);

    /// <summary>The facts that it makes false.</summary>
    public int[] UnsetBy(GroundEffect effect) => Facts(effect.Deletes, effect.Adds);

    private int[] Facts(int[] positive, int[] negative) =>
        [.. positive.Select(v => Variables[v].Positive).Concat(negative.Select(v => Variables[v].Negative)).Where(fact => fact >= 0)];

    private void SetAll(int[] variables, Span<ulong> state, bool value)
    {
        foreach (var index in variables)
        {
            var (positive, negative) = Variables[index];
            Set(positive, state, value);
            Set(negative, state, !value);
        }
    }

    private static void Set(int fact, Span<ulong> state, bool value)
    {
        if (fact < 0)
            return;
        if (value)
            state[fact >> 6] |= 1UL << fact;
        else
            state[fact >> 6] &= ~(1UL << fact);
    }
}

/// <summary>The facts of an atom, -1 where it has none.</summary>
internal readonly record struct Variable(int Positive, int Negative);

/// <summary>A ground action.</summary>
/// <param name="Instance">What the step is called; null for the step that says that a goal is reached.</param>
/// <param name="Precondition">Facts.</param>
/// <param name="Cost">In units of the task's cost scale, at least 0.</param>
internal sealed record GroundOperator(ActionInstance? Instance, int[] Precondition, GroundEffect[] Effects, int Cost)
{
    public bool IsConditional => Array.Exists(Effects, e => e.Condition.Length > 0);
}

/// <summary>Where the facts of the condition hold, variables become false and others true.</summary>
internal sealed record GroundEffect(int[] Condition, int[] Deletes, int[] Adds);
