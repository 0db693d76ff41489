using Outerloop.Cli.Display;
using Outerloop.Evaluation;
using Outerloop.Runs;
using Spectre.Console.Testing;

namespace Outerloop.Cli.Tests;

public sealed class SummaryTableTests
{
    [Fact]
    public void A_run_is_a_table_with_a_row_for_each_generation()
    {
        using var console = new TestConsole();
        console.Profile.Width = 200;
        SummaryTable.Write(new RunSummary("runs/x", [new DomainSummary("blocksworld", [Row(0, 60), Row(1, 240)])]), console);

        string[] lines = [.. console.Output.Split('\n').Select(Squeezed).Where(line => line.Length > 0)];
        Assert.Equal("blocksworld", lines[0]);
        Assert.Equal("gen pool solved 95 % held-out avg/all/any of 3 greedy larger plan mean/max trained on sampled/s trained/s seconds", lines[1]);
        Assert.Equal("0 6.0 % 4.7-7.6 7.5/3.0/12.0 % 24.0 % 1/100 5.3/16 0 5000 12.0", lines[^2]);
        Assert.Equal("1 24.0 % 21.5-26.7 7.5/3.0/12.0 % 24.0 % 1/100 5.3/16 60 5000 30000 14.0", lines[^1]);
    }

    [Fact]
    public void A_narrow_terminal_gets_fewer_columns_and_no_broken_lines()
    {
        using var console = new TestConsole();
        console.Profile.Width = 80;
        SummaryTable.Write(new RunSummary("runs/x", [new DomainSummary("blocksworld", [Row(0, 60), Row(1, 240)])]), console);

        string[] lines = [.. console.Output.Split('\n').Select(Squeezed).Where(line => line.Length > 0)];
        Assert.Equal("0 6.0 % 7.5/3.0/12.0 % 24.0 % 5.3/16 0", lines[^2]);
        Assert.Equal("1 24.0 % 7.5/3.0/12.0 % 24.0 % 5.3/16 60", lines[^1]);
    }

    private static string Squeezed(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static GenerationSummary Row(int generation, int solved) => new(
        generation,
        1000,
        solved,
        new HeldOutSummary(200, 0.075, 0.03, 0.12, 0.24, new PlanLengths([])),
        new LargerSummary(100, 1),
        new PlanLengths([new PlanLengthCount(5, 34), new PlanLengthCount(16, 1)]),
        new OutcomeSummary(solved, 1000 - solved, 0, 0, 0, 0),
        60 * generation,
        new TokenSummary(50_000, 60_000 * generation),
        new SecondsSummary(8, 1.5, 0.5, 2 * generation, 2),
        "abc");
}
