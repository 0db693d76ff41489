using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Outerloop.Cli.Commands.Bench;

/// <summary><c>outerloop bench pddl</c>: how fast domains are read and plans are judged.</summary>
internal static class PddlBenchCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var memory = new Option<bool>("--memory") { Description = "measure instead what texts take of memory that are made to take much" };
        var peakOf = new Option<string[]>(MemoryBench.PeakOption) { Arity = new ArgumentArity(3, 3), AllowMultipleArgumentsPerToken = true, Hidden = true };
        var command = new Command(
            "pddl",
            $"""
            Measure the reader and the validator on problems of our own generator; where the environment variable
            {PddlBench.CorpusVariable} names a folder with a verdicts.tsv, on that batch too.

            Example:
              outerloop bench pddl --json
            """)
        {
            json,
            memory,
            peakOf,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(peakOf) is { Length: > 0 } files)
            {
                MemoryBench.PrintPeak(files, terminal.Output);
                return ExitCode.Done;
            }

            var machine = Machine.Here();
            if (parsed.GetValue(memory))
            {
                List<MemoryMeasurement> peaks = await new MemoryBench(cancellation).Run();
                if (parsed.GetValue(json))
                    Json.Write(new { machine, measurements = peaks }, terminal.Output);
                else
                    MemoryTable.Print(peaks, terminal.OutputConsole());
                return ExitCode.Done;
            }

            List<Measurement> measurements = await Task.Run(() => new PddlBench(new Stopwatch(clock, cancellation), cancellation).Run(), cancellation);
            if (parsed.GetValue(json))
                Json.Write(new { machine, measurements }, terminal.Output);
            else
                Print(machine, measurements, terminal.OutputConsole());
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(Machine machine, List<Measurement> measurements, IAnsiConsole console)
    {
        console.WriteLine($"{machine.Processors} processors, {machine.Architecture}, {machine.Framework}, {machine.System}");
        var table = new Table { Border = TableBorder.Simple };
        foreach (string column in (string[])["work", "median", "best", "unit", "runs"])
            table.AddColumn(column);
        foreach (Measurement row in measurements)
            table.AddRow(Markup.Escape(row.Name), Number(row.Median), Number(row.Best), row.Unit, Number(row.Runs));
        console.Write(table);
    }

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
