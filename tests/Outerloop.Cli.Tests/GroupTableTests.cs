using Outerloop.Cli.Display;
using Outerloop.Runs;
using Spectre.Console.Testing;

namespace Outerloop.Cli.Tests;

public sealed class GroupTableTests
{
    [Fact]
    public void A_row_has_means_and_where_there_are_several_runs_their_range()
    {
        string[] lines = Lines(Group("reinforce-baseline", [5, 5], new Spread(0.4, 0.35, 0.45)), Group("[b]", [4, 5], new Spread(0.1, 0.1, 0.1)));
        Assert.Equal("blocksworld: first → last generation, mean (range); shares in %", lines[0]);
        Assert.Equal("reinforce-baseline 2 5 10.0 → 40.0 (35-45) 10.0 → 40.0 (35-45) 10.0 → 40.0 (35-45) 22 → 36.5 (35-38) 0 → 1 1800k 70", lines[^2]);
        Assert.StartsWith("[b] 2 4-5 10.0 → 10.0 10.0 → 10.0 ", lines[^1]);
    }

    private static RunGroup Group(string name, int[] last, Spread share)
    {
        var shares = new Change(new Spread(0.1, 0.1, 0.1), share);
        return new RunGroup(name, "blocksworld", ["x", "y"], [.. last])
        {
            Pool = shares,
            HeldOut = shares,
            Greedy = shares,
            Longest = new Change(new Spread(22, 22, 22), new Spread(36.5, 35, 38)),
            Larger = new Change(new Spread(0, 0, 0), new Spread(1, 1, 1)),
            TokensTrained = new Spread(1_800_000, 1_800_000, 1_800_000),
            CpuSeconds = new Spread(70, 69, 71),
        };
    }

    private static string[] Lines(params RunGroup[] groups)
    {
        using var console = new TestConsole();
        console.Profile.Width = 160; // as without a terminal
        GroupTable.Write(groups, console);
        return [.. console.Output.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Where(line => line.Length > 0)];
    }
}
