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
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var command = new Command(
            "compare",
            """
            Put the first and the last generation of several runs side by side, with paired differences: between these two
            generations of each run, and between the last generations of the first run and of each other run.

            Example:
              outerloop compare runs/seed-0 runs/uncurated
            """)
        {
            runs,
            json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            RunComparison comparison = await RunComparison.Of(parsed.GetValue(runs)!, cancellation);
            if (parsed.GetValue(json))
                Json.Write(comparison, terminal.Output);
            else
                ComparisonTables.Write(comparison, terminal.OutputConsole());
            return ExitCode.Done;
        });
        return command;
    }
}
