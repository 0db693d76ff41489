using System.Text;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Cli.Commands.Bench;

/// <summary>A problem of one of our domains with the plan that its generator knows.</summary>
internal sealed record PlanningSample(PlanningDomain Family, string ProblemText, string PlanText, int Steps)
{
    public int Characters => ProblemText.Length + PlanText.Length;

    public static PlanningSample Of(PlanningDomain family, SizeRanges sizes, Random random)
    {
        SolvableTask task = family.DrawUnsolved(sizes, random);
        string[] steps = [.. task.Witness];
        return new PlanningSample(family, task.Write("sample", family.Domain.Name, random), string.Join('\n', steps) + "\n", steps.Length);
    }

    /// <summary>Blocks world: all blocks to the table, then the goal from below.</summary>
    public static PlanningSample OfBlocks(int blocks, Random random) =>
        Of(new Blocksworld(), SizeRanges.Default.With("blocks", blocks, blocks), random);

    /// <summary>Draws until a plan has just so many steps.</summary>
    public static PlanningSample OfSteps(int steps, int blocks, Random random)
    {
        while (true)
        {
            PlanningSample sample = OfBlocks(blocks, random);
            if (sample.Steps == steps)
                return sample;
        }
    }

    /// <summary>Lifts the first block of the plan and puts it back, over and over, before the plan itself.</summary>
    public PlanningSample Prolonged(int steps)
    {
        string[] own = PlanText.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string lift = own[0], back = lift.Replace("(unstack", "(stack", StringComparison.Ordinal).Replace("(pickup", "(putdown", StringComparison.Ordinal);
        var text = new StringBuilder();
        int added = (steps - Steps) / 2 * 2;
        for (int i = 0; i < added; i += 2)
            text.Append(lift).Append('\n').Append(back).Append('\n');
        return this with { PlanText = text + PlanText, Steps = Steps + added };
    }

    public Problem Read()
    {
        Domain domain = PddlReader.ReadDomain(new SourceText("domain.pddl", Family.Pddl)).Required();
        return PddlReader.ReadProblem(new SourceText("problem.pddl", ProblemText), domain).Required();
    }

    /// <summary>Writes domain, problem and plan as files of a folder.</summary>
    public BatchRow WriteTo(string folder, string name)
    {
        string domain = Path.Combine(folder, $"{Family.Name}.domain.pddl"), problem = Path.Combine(folder, $"{name}.pddl");
        string plan = Path.Combine(folder, $"{name}.plan");
        File.WriteAllText(domain, Family.Pddl);
        File.WriteAllText(problem, ProblemText);
        File.WriteAllText(plan, PlanText);
        return new BatchRow(plan, domain, problem, plan);
    }
}
