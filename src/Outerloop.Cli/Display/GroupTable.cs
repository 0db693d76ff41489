using System.Globalization;
using Outerloop.Runs;
using Spectre.Console;

namespace Outerloop.Cli.Display;

/// <summary>
/// Groups of runs as a table per domain: means over the seeds and, where there are several, the range of what matters most;
/// JSON has that of all.
/// </summary>
internal static class GroupTable
{
    private static readonly (string Title, Func<RunGroup, string> Cell)[] Columns =
    [
        ("", group => group.Name),
        ("runs", group => Text($"{group.Runs.Length}")),
        ("gen", Generations),
        ("pool", group => Cell(group.Pool, 100, "0.0")),
        ("held-out avg@3", group => Cell(group.HeldOut, 100, "0.0")),
        ("greedy", group => Cell(group.Greedy, 100, "0.0")),
        ("longest", group => Cell(group.Longest, 1, "0.#")),
        ("larger", group => Text($"{group.Larger.First.Mean:0.#} → {group.Larger.Last.Mean:0.#}")),
        ("trained", group => Text($"{group.TokensTrained.Mean / 1000:0}k")),
        ("CPU-s", group => Text($"{group.CpuSeconds.Mean:0}")),
    ];

    public static void Write(IReadOnlyList<RunGroup> groups, IAnsiConsole console)
    {
        foreach (IGrouping<string, RunGroup> domain in groups.GroupBy(group => group.Domain))
        {
            var table = new Table { Border = TableBorder.Simple, Title = new TableTitle($"{domain.Key}: first → last generation, mean (range); shares in %") };
            foreach ((string title, _) in Columns)
                table.AddColumn(new TableColumn(title).RightAligned().NoWrap());
            foreach (RunGroup group in domain)
                table.AddRow([.. Columns.Select(column => Markup.Escape(column.Cell(group)))]);
            console.Write(table);
        }
    }

    private static string Generations(RunGroup group)
    {
        (int least, int most) = (group.LastGenerations.Min(), group.LastGenerations.Max());
        return least == most ? Text($"{most}") : Text($"{least}-{most}");
    }

    /// <param name="change">What is shown.</param>
    /// <param name="unit">Times the figure.</param>
    /// <param name="format">Of the means; the range is in whole units.</param>
    private static string Cell(Change change, double unit, string format)
    {
        string Mean(Spread spread) => (unit * spread.Mean).ToString(format, CultureInfo.InvariantCulture);
        string range = change.Last.Low < change.Last.High ? Text($" ({unit * change.Last.Low:0}-{unit * change.Last.High:0})") : "";
        return $"{Mean(change.First)} → {Mean(change.Last)}{range}";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
