using System.Text;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;

namespace Outerloop.Cli.Commands.Bench;

/// <summary>A problem of the blocks world with the plan that needs no thought: all blocks to the table, then the goal from below.</summary>
internal sealed record BlocksworldSample(string ProblemText, string PlanText, int Steps)
{
    private static readonly Blocksworld Family = new();

    public static string DomainText => Family.Pddl;

    public static BlocksworldSample OfBlocks(int blocks, Random random)
    {
        SolvableTask task = Family.DrawUnsolved(SizeRanges.Default.With("blocks", blocks, blocks), random);
        string[] steps = [.. task.Witness];
        return new BlocksworldSample(task.Write($"blocks-{blocks}", Family.Name, random), string.Join('\n', steps) + "\n", steps.Length);
    }

    /// <summary>Draws until a plan has just so many steps.</summary>
    public static BlocksworldSample OfSteps(int steps, int blocks, Random random)
    {
        while (true)
        {
            BlocksworldSample sample = OfBlocks(blocks, random);
            if (sample.Steps == steps)
                return sample;
        }
    }

    /// <summary>Lifts the first block of the plan and puts it back, over and over, before the plan itself.</summary>
    public BlocksworldSample Prolonged(int steps)
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
        Domain domain = PddlReader.ReadDomain(new SourceText("domain.pddl", DomainText)).Required();
        return PddlReader.ReadProblem(new SourceText("problem.pddl", ProblemText), domain).Required();
    }
}
