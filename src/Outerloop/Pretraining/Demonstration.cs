using System.Collections.Immutable;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Pretraining;

/// <summary>A task and how the teacher solves it.</summary>
internal sealed class Demonstration(Problem problem, ImmutableArray<PlanStep> steps)
{
    private ImmutableArray<int>? _goalSteps;

    public Problem Problem { get; } = problem;

    public ImmutableArray<PlanStep> Steps { get; } = steps;

    public PlanValidator Validator { get; } = new(problem);

    /// <summary>The numbers of steps, from 1, after which more of the goal holds than ever before; the last is the last step's.</summary>
    public ImmutableArray<int> GoalSteps() => _goalSteps ??= [.. FindGoalSteps()];

    private IEnumerable<int> FindGoalSteps()
    {
        double most = Validator.GoalShare(new Plan([]));
        for (int count = 1; count <= Steps.Length; count++)
        {
            double share = Validator.GoalShare(new Plan(Steps[..count]));
            if (share > most || count == Steps.Length)
                yield return count;
            most = Math.Max(most, share);
        }
    }
}
