using System.CommandLine;
using System.Globalization;
using Outerloop.Runs;
using Spectre.Console;

namespace Outerloop.Cli.Commands;

/// <summary><c>outerloop compare</c>: what the loop made of several runs' bases.</summary>
internal static class CompareCommand
{
    private static readonly (string Title, Func<RunGain, string> Cell)[] Columns =
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

    public static Command Create(Terminal terminal)
    {
        var runs = new Argument<string[]>("RUN") { Description = "the runs' folders", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var command = new Command(
            "compare",
            """
            Put the first and the last generation of several runs side by side.

            Example:
              outerloop compare runs/seed-0 runs/seed-1 runs/seed-2
            """)
        {
            runs,
            json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var gains = new List<RunGain>();
            foreach (string run in parsed.GetValue(runs)!)
                gains.AddRange(RunGain.Of(await RunExecution.Summarize(run, cancellation)));
            if (parsed.GetValue(json))
                Json.Write(new { runs = gains }, terminal.Output);
            else
                terminal.OutputConsole().Write(TableOf(gains));
            return ExitCode.Done;
        });
        return command;
    }

    private static Table TableOf(IEnumerable<RunGain> gains)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach ((string title, _) in Columns)
            table.AddColumn(new TableColumn(title).RightAligned().NoWrap());
        foreach (RunGain gain in gains)
            table.AddRow([.. Columns.Select(column => Markup.Escape(column.Cell(gain)))]);
        return table;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
