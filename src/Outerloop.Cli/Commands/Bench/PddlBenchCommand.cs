using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Outerloop.Cli.Commands.Bench;

/// <summary><c>outerloop bench pddl</c>: how fast domains are read and plans are judged.</summary>
internal static class PddlBenchCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var corpus = new Option<string?>("--corpus") { Description = "a folder with a batch named verdicts.tsv to be measured too", HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var command = new Command(
            "pddl",
            "Measure the reader and the validator on problems of our own generators.\n\n"
            + "Examples:\n  outerloop bench pddl\n  outerloop bench pddl --corpus FOLDER --json")
        {
            corpus,
            json,
        };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var bench = new PddlBench(new Stopwatch(clock, cancellation), cancellation);
                IEnumerable<Measurement> rows = bench.Generated();
                if (parsed.GetValue(corpus) is { } folder)
                    rows = rows.Concat(bench.Corpus(folder));
                Report(rows, parsed.GetValue(json), terminal);
                return ExitCode.Done;
            },
            cancellation));
        return command;
    }

    private static void Report(IEnumerable<Measurement> rows, bool json, Terminal terminal)
    {
        var machine = Machine.Here();
        var measurements = new List<Measurement>();
        foreach (Measurement row in rows)
        {
            terminal.Say($"{row.Name}: {Number(row.Median)} {row.Unit}");
            measurements.Add(row);
        }

        if (json)
            Json.Write(new { machine, measurements }, terminal.Output);
        else
            Print(machine, measurements, terminal.OutputConsole());
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
