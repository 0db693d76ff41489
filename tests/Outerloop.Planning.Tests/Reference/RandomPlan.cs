using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Reference;

/// <summary>Draws plans whose steps mostly can be taken, with the verdict of the reference interpreter.</summary>
internal static class RandomPlan
{
    private const int Tries = 4;

    public static (Plan Plan, int? FailedStep, bool GoalHolds, decimal? Metric) Draw(Problem problem, Random random)
    {
        var steps = new List<PlanStep>();
        for (var length = random.Next(7); steps.Count < length;)
            steps.Add(NextStep(problem, steps, random));
        var reference = new ReferenceInterpreter(problem);
        var failed = steps.FindIndex(s => !reference.Take(s));
        return (new Plan([.. steps]), failed < 0 ? null : failed + 1, reference.GoalHolds, reference.MetricValue);
    }

    private static PlanStep NextStep(Problem problem, List<PlanStep> before, Random random)
    {
        var step = AnyStep(problem, random);
        for (var i = 0; i < Tries && !CanFollow(problem, before, step); i++)
            step = AnyStep(problem, random);
        return step;
    }

    private static bool CanFollow(Problem problem, List<PlanStep> before, PlanStep step)
    {
        var reference = new ReferenceInterpreter(problem);
        return before.All(reference.Take) && reference.Take(step);
    }

    private static PlanStep AnyStep(Problem problem, Random random)
    {
        var action = problem.Domain.Actions[random.Next(problem.Domain.Actions.Length)];
        var arguments = action.Parameters.Select(_ => problem.Objects[random.Next(problem.Objects.Length)].Name);
        return new PlanStep(action.Name, [.. arguments], 1, 1);
    }
}
