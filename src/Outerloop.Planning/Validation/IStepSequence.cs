using System.Collections.Immutable;

namespace Outerloop.Planning.Validation;

/// <summary>The steps of a plan in the order of their execution, one at a time, so that a long plan need not be kept.</summary>
internal interface IStepSequence
{
    /// <summary>How many objects the action of the step is applied to.</summary>
    int Arity { get; }

    /// <summary>Whether the step after this one happens at the same time.</summary>
    bool IsJoinedByNext { get; }

    /// <summary>Goes on to the next step; false behind the last one.</summary>
    bool MoveNext();

    /// <summary>The action's name, then those of its objects, from 1 on.</summary>
    ReadOnlySpan<char> Name(int index);
}

/// <summary>The steps of a plan that is kept.</summary>
internal sealed class KeptSteps(ImmutableArray<PlanStep> steps) : IStepSequence
{
    private int index = -1;

    public int Arity => steps[index].Arguments.Length;

    public bool IsJoinedByNext => index + 1 < steps.Length && steps[index].Time is { } time && steps[index + 1].Time == time;

    public bool MoveNext() => ++index < steps.Length;

    public ReadOnlySpan<char> Name(int index) => index == 0 ? steps[this.index].Action : steps[this.index].Arguments[index - 1];
}
