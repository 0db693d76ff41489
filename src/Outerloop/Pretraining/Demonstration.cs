using System.Collections.Immutable;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Pretraining;

/// <summary>A task and how the teacher solves it.</summary>
internal sealed class Demonstration(Problem problem, ImmutableArray<PlanStep> steps)
{
    private readonly Lazy<ImmutableArray<int>> _goalSteps = new(() => FindGoalSteps(new PlanValidator(problem), steps));

    public Problem Problem { get; } = problem;

    public ImmutableArray<PlanStep> Steps { get; } = steps;

    public PlanValidator Validator { get; } = new(problem);

    /// <summary>The numbers of steps, from 1, after which more of the goal holds than ever before; the last is the last step's.</summary>
    public IEnumerable<int> GoalSteps() => _goalSteps.Value;

    private static ImmutableArray<int> FindGoalSteps(PlanValidator validator, ImmutableArray<PlanStep> steps)
    {
        var found = ImmutableArray.CreateBuilder<int>();
        double most = validator.GoalShare(new Plan([]));
        for (int count = 1; count <= steps.Length; count++)
        {
            double share = validator.GoalShare(new Plan(steps[..count]));
            if (share > most || count == steps.Length)
                found.Add(count);
            most = Math.Max(most, share);
        }

        return found.ToImmutable();
    }
}
