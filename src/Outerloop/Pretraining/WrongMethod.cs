using System.Collections.Immutable;
using System.Diagnostics;
using Outerloop.Planning.Validation;

namespace Outerloop.Pretraining;

/// <summary>How a demonstration that follows a wrong method differs from the teacher's.</summary>
public enum WrongMethodKind
{
    /// <summary>It leaves out all steps of some actions.</summary>
    LeavesOut,

    /// <summary>It ends early.</summary>
    StopsEarly,

    /// <summary>It pursues the goals in another order than they can be reached in.</summary>
    WrongOrder,
}

/// <summary>One way in which an amateur misunderstands a domain from start to end.</summary>
/// <param name="Weight">How often, in proportion to the weights of the domain's other wrong methods.</param>
/// <param name="Actions">The actions whose steps <see cref="WrongMethodKind.LeavesOut"/> leaves out.</param>
public sealed record WrongMethod(WrongMethodKind Kind, double Weight, ImmutableArray<string>? Actions = null)
{
    private ImmutableArray<string> LeftOut => Actions ?? [];

    internal IReadOnlyList<PlanStep> Spoil(Demonstration teacher, Random random) => Kind switch
    {
        WrongMethodKind.LeavesOut => [.. teacher.Steps.Where(step => !LeftOut.Contains(step.Action))],
        WrongMethodKind.StopsEarly => [.. teacher.Steps.Take(random.Next(Math.Min(1, teacher.Steps.Length - 1), teacher.Steps.Length))],
        WrongMethodKind.WrongOrder => InAnotherOrder(teacher, random),
        _ => throw new UnreachableException($"{Kind}"),
    };

    /// <summary>The stretches of the plan, each of which reaches one more goal, shuffled.</summary>
    private static IReadOnlyList<PlanStep> InAnotherOrder(Demonstration teacher, Random random)
    {
        ImmutableArray<int> ends = teacher.GoalSteps();
        ImmutableArray<PlanStep>[] stretches = [.. ends.Select((end, i) => teacher.Steps[(i == 0 ? 0 : ends[i - 1])..end])];
        random.Shuffle(stretches);
        return [.. stretches.SelectMany(stretch => stretch)];
    }
}
