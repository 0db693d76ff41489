using System.Collections.Immutable;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Reference;

/// <summary>A task of a domain, and the plan that shows that it can be solved, with up to three mistakes.</summary>
internal sealed record MutatedPlan(Problem Problem, Plan Plan)
{
    public static MutatedPlan Draw(PlanningDomain domain, Random random)
    {
        SolvableTask task = domain.DrawUnsolved(domain.PoolSizes, random);
        Problem problem = PddlReader.ReadProblem(new SourceText("problem", task.Write("drawn", domain.Domain.Name, random)), domain.Domain).Required();
        ImmutableArray<PlanStep> steps = PlanReader.Read(new SourceText("plan", string.Join('\n', task.Witness))).Required().Steps;
        for (int mistakes = random.Next(4); mistakes > 0 && steps.Length > 1; mistakes--)
            steps = Mistaken(steps, problem, random);
        return new MutatedPlan(problem, new Plan(steps));
    }

    private static ImmutableArray<PlanStep> Mistaken(ImmutableArray<PlanStep> steps, Problem problem, Random random)
    {
        int at = random.Next(steps.Length), other = random.Next(steps.Length);
        return random.Next(7) switch
        {
            0 => steps.RemoveAt(at),
            1 => steps.Insert(at, steps[at]),
            2 => steps.SetItem(at, steps[other]).SetItem(other, steps[at]),
            3 => steps[..(at + 1)],
            4 => steps.SetItem(at, steps[at] with { Action = "unheard-of" }),
            5 => steps.SetItem(at, steps[at] with { Arguments = steps[at].Arguments.Add(problem.Objects[0].Name) }),
            _ => steps.SetItem(at, WithAnotherObject(steps[at], problem, random)),
        };
    }

    private static PlanStep WithAnotherObject(PlanStep step, Problem problem, Random random) => step.Arguments.IsEmpty
        ? step
        : step with { Arguments = step.Arguments.SetItem(random.Next(step.Arguments.Length), problem.Objects[random.Next(problem.Objects.Length)].Name) };
}
