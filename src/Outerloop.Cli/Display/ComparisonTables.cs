using System.Globalization;
using Outerloop.Evaluation;
using Outerloop.Runs;
using Spectre.Console;

namespace Outerloop.Cli.Display;

/// <summary>A comparison of runs as tables: what each run gained, how many long plans, and the differences with their intervals.</summary>
internal static class ComparisonTables
{
    private static readonly (string Title, Func<RunGain, string> Cell)[] Gains =
    [
        ("run", gain => gain.Run),
        ("domain", gain => gain.Domain),
        ("generations", gain => Text($"{gain.First.Generation} → {gain.Last.Generation}")),
        ("pool solved", gain => Text($"{gain.First.Solved} → {gain.Last.Solved} of {gain.Last.Tasks}")),
        ("ratio", gain => Text($"{gain.SolvedRatio:0.00}")),
        ("held-out avg@3", gain => Text($"{gain.First.HeldOut.AverageAt3:P1} → {gain.Last.HeldOut.AverageAt3:P1}")),
        ("ratio", gain => Text($"{gain.AverageAt3Ratio:0.00}")),
        ("greedy", gain => Text($"{gain.First.HeldOut.Greedy:P1} → {gain.Last.HeldOut.Greedy:P1}")),
        ("longest plan", gain => Text($"{gain.First.PlanLength.Max} → {gain.Last.PlanLength.Max}")),
        ("larger", gain => Text($"{gain.First.Larger.Solved} → {gain.Last.Larger.Solved} of {gain.Last.Larger.Tasks}")),
    ];

    private static readonly (string Title, Func<ScoreDifference, string> Cell)[] Differences =
    [
        ("first", difference => Text($"{difference.First:P1}")),
        ("second", difference => Text($"{difference.Second:P1}")),
        ("difference", difference => Text($"{100 * difference.Difference:+0.0;-0.0;0.0} [{100 * difference.Low:+0.0;-0.0;0.0}, {100 * difference.High:+0.0;-0.0;0.0}]")),
        ("won", difference => difference.Paired ? Text($"{difference.Won}") : "other tasks"),
        ("lost", difference => difference.Paired ? Text($"{difference.Lost}") : "other tasks"),
    ];

    public static void Write(RunComparison comparison, IAnsiConsole console)
    {
        console.Write(GainTable(comparison.Runs));
        console.Write(LengthTable("on the pool", comparison.Runs, generation => generation.PlanLength));
        console.Write(LengthTable("on held-out tasks, three samples each", comparison.Runs, generation => generation.HeldOut.PlanLength));
        if (comparison.Comparisons.Count > 0)
            console.Write(DifferenceTable(comparison.Comparisons));
        if (comparison.Comparisons.Any(compared => compared.Differences.Any(measured => !measured.Difference.Paired)))
            console.WriteLine("Runs with other tasks (of another seed, for example) are compared by their means alone, not task by task.");
    }

    private static Table GainTable(IEnumerable<RunGain> gains)
    {
        Table table = TableOf(Gains.Select(column => column.Title));
        foreach (RunGain gain in gains)
            table.AddRow([.. Gains.Select(column => Markup.Escape(column.Cell(gain)))]);
        return table;
    }

    private static Table LengthTable(string where, IEnumerable<RunGain> gains, Func<GenerationSummary, PlanLengths> lengths) => PlanLengthTable.Of(
        $"valid plans {where}, with so many steps and more, first → last generation",
        ["run", "domain"],
        gains.Select(gain => ((string[])[gain.Run, gain.Domain], (IReadOnlyList<PlanLengths>)[lengths(gain.First), lengths(gain.Last)])));

    private static Table DifferenceTable(IEnumerable<GenerationComparison> comparisons)
    {
        Table table = TableOf(["domain", "first → second", "measure", .. Differences.Select(column => column.Title)]);
        table.Title = new TableTitle("differences in points of percent, with intervals of 95 %");
        foreach (GenerationComparison compared in comparisons)
        {
            foreach (MeasuredDifference measured in compared.Differences)
            {
                string[] cells = [compared.Domain, Sides(compared), measured.Measure.Name, .. Differences.Select(column => column.Cell(measured.Difference))];
                table.AddRow([.. cells.Select(Markup.Escape)]);
            }
        }

        return table;
    }

    private static string Sides(GenerationComparison compared) => compared.First.Run == compared.Second.Run
        ? Text($"{compared.First.Run} {compared.First.Generation} → {compared.Second.Generation}")
        : Text($"{compared.First.Run} {compared.First.Generation} → {compared.Second.Run} {compared.Second.Generation}");

    private static Table TableOf(IEnumerable<string> titles)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (string title in titles)
            table.AddColumn(new TableColumn(title).RightAligned().NoWrap());
        return table;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
