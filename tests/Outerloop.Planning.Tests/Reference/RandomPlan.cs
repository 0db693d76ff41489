using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Reference;

/// <summary>Draws plans whose steps mostly can be taken, half of them with times, with the verdict of the reference interpreter.</summary>
internal static class RandomPlan
{
    private const int Tries = 4;

    public static DrawnPlan Draw(Problem problem, Random random)
    {
        var isTimed = random.Next(2) == 0;
        var steps = new List<PlanStep>();
        for (var length = random.Next(7); steps.Count < length;)
        {
            var time = isTimed ? Number.Of(steps.Count == 0 || random.Next(2) == 0 ? steps.Count : LastTime(steps)) : (Number?)null;
            steps.Add(NextStep(problem, steps, time, random));
        }

        var reference = new ReferenceInterpreter(problem);
        var failed = FirstFailure(reference, steps);
        return new DrawnPlan(new Plan([.. steps]), failed, reference.GoalHolds, reference.MetricValue);
    }

    private static long LastTime(List<PlanStep> steps) => (long)steps[^1].Time!.Value.ToDouble();

    private static PlanStep NextStep(Problem problem, List<PlanStep> before, Number? time, Random random)
    {
        var step = AnyStep(problem, random) with { Time = time };
        for (var i = 0; i < Tries && FirstFailure(new ReferenceInterpreter(problem), [.. before, step]) is not null; i++)
            step = AnyStep(problem, random) with { Time = time };
        return step;
    }

    /// <summary>Takes the steps; the 1-based number of the first that cannot be taken.</summary>
    private static int? FirstFailure(ReferenceInterpreter reference, List<PlanStep> steps)
    {
        for (var i = 0; i < steps.Count;)
        {
            var together = steps.Skip(i).TakeWhile((s, j) => j == 0 || (s.Time is { } time && time == steps[i].Time)).ToList();
            if (reference.TakeAtOnce(together) is { } failed)
                return i + failed + 1;
            i += together.Count;
        }

        return null;
    }

    private static PlanStep AnyStep(Problem problem, Random random)
    {
        var action = problem.Domain.Actions[random.Next(problem.Domain.Actions.Length)];
        var arguments = action.Parameters.Select(_ => problem.Objects[random.Next(problem.Objects.Length)].Name);
        return new PlanStep(action.Name, [.. arguments], 1, 1);
    }
}

/// <summary>A plan, and what the reference interpreter says of it.</summary>
internal sealed record DrawnPlan(Plan Plan, int? FailedStep, bool GoalHolds, decimal? Metric)
{
    public bool HasSimultaneousSteps => Plan.Steps.Zip(Plan.Steps.Skip(1)).Any(p => p.First.Time is { } time && time == p.Second.Time);

    /// <summary>The plan with its times, which the text has in any order.</summary>
    public string Text(Random random)
    {
        var happenings = Plan.Steps.GroupBy(s => s.Time).ToArray();
        if (Plan.Length > 0 && Plan.Steps[0].Time is not null)
            random.Shuffle(happenings);
        return string.Concat(happenings.SelectMany(h => h).Select(s => s.Time is { } time ? $"{time}: {s}\n" : $"{s}\n"));
    }
}
