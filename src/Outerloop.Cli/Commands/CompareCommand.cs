using System.CommandLine;
using Outerloop.Cli.Display;
using Outerloop.Runs;

namespace Outerloop.Cli.Commands;

/// <summary><c>outerloop compare</c>: what the loop made of several runs' bases, and how the runs differ.</summary>
internal static class CompareCommand
{
    public static Command Create(Terminal terminal)
    {
        var runs = new Argument<string[]>("RUN") { Description = "the runs' folders", Arity = ArgumentArity.OneOrMore };
        var group = new Option<bool>("--group") { Description = "a row for the runs that differ in their seed alone: means and ranges" };
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var command = new Command(
            "compare",
            """
            Put the first and the last generation of several runs side by side, with paired differences: between these two
            generations of each run, and between the last generations of the first run and of each other run.

            Examples:
              outerloop compare runs/seed-0 runs/uncurated
              outerloop compare --group runs/ablations/*/seed-*
            """)
        {
            runs,
            group,
            json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            string[] paths = parsed.GetValue(runs)!;
            if (parsed.GetValue(group))
                Show(await RunGroup.Of(paths, cancellation), parsed.GetValue(json), terminal);
            else
                Show(await RunComparison.Of(paths, cancellation), parsed.GetValue(json), terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Show(IReadOnlyList<RunGroup> groups, bool json, Terminal terminal)
    {
        if (json)
            Json.Write(new { groups }, terminal.Output);
        else
            GroupTable.Write(groups, terminal.OutputConsole());
    }

    private static void Show(RunComparison comparison, bool json, Terminal terminal)
    {
        if (json)
            Json.Write(comparison, terminal.Output);
        else
            ComparisonTables.Write(comparison, terminal.OutputConsole());
    }
}
