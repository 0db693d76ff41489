using Outerloop.Cli.Display;
using Outerloop.Evaluation;
using Outerloop.Runs;
using Spectre.Console.Testing;

namespace Outerloop.Cli.Tests;

public sealed class ComparisonTablesTests
{
    [Fact]
    public void Differences_have_intervals_and_the_tasks_won_and_lost() =>
        Assert.Equal(
            "blocksworld a 0 → 5 pool 6.9 % 41.6 % +34.7 [+31.8, +37.9] 357 10",
            Lines(Compared("a", 0, "a", 5, new ScoreDifference(1000, 0.069, 0.416, 0.347, 0.318, 0.379, 357, 10)))[^1]);

    [Fact]
    public void Runs_of_other_tasks_are_said_to_be()
    {
        string[] lines = Lines(Compared("a", 5, "b", 5, new ScoreDifference(200, 0.467, 0.352, -0.115, -0.193, -0.035)));
        Assert.Equal("blocksworld a 5 → b 5 pool 46.7 % 35.2 % -11.5 [-19.3, -3.5] other tasks other tasks", lines[^2]);
        Assert.StartsWith("Runs with other tasks", lines[^1]);
    }

    private static GenerationComparison Compared(string first, int before, string second, int after, ScoreDifference difference) => new(
        "blocksworld", new ComparedGeneration(first, before), new ComparedGeneration(second, after), [new MeasuredDifference(Measure.Pool, difference)]);

    private static string[] Lines(GenerationComparison compared)
    {
        using var console = new TestConsole();
        console.Profile.Width = 200;
        ComparisonTables.Write(new RunComparison([], [compared]), console);
        return [.. console.Output.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Where(line => line.Length > 0)];
    }
}
