using System.Collections.Immutable;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Search;
using Outerloop.Planning.Validation;
using Outerloop.Tasks;

namespace Outerloop.Pretraining;

/// <summary>Whose plans a base is shown.</summary>
public enum TeacherKind
{
    /// <summary>The plan that the domain's generator makes its task by.</summary>
    Generator,

    /// <summary>A plan of least cost, by search.</summary>
    Planner,
}

/// <summary>Draws tasks that no run holds out, and solves them.</summary>
internal sealed class Teacher(PlanningDomain domain, TeacherKind kind, Random random)
{
    private static readonly SearchOptions Optimal = new() { Optimal = true };

    /// <summary>Draws until the teacher's plan is short enough.</summary>
    public Demonstration Demonstrate(SizeRanges sizes, int mostSteps)
    {
        while (true)
        {
            SolvableTask task = domain.DrawUnsolved(sizes, random);
            var text = new SourceText("demonstration", task.Write("demonstration", domain.Domain.Name, random));
            Problem problem = PddlReader.ReadProblem(text, domain.Domain).Required();
            if (TaskGenerator.IsHeldOut(ProblemFingerprint.Of(problem)))
                continue;
            ImmutableArray<PlanStep> steps = Solve(task, problem);
            if (steps.Length <= mostSteps)
                return new Demonstration(problem, steps);
        }
    }

    private ImmutableArray<PlanStep> Solve(SolvableTask task, Problem problem) => kind == TeacherKind.Planner
        ? Planner.Solve(problem, Optimal).Plan!.Steps
        : PlanReader.Read(new SourceText("witness", string.Join('\n', task.Witness))).Required().Steps;
}
