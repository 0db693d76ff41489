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
        var memory = new Option<bool>("--memory") { Description = "measure instead what texts take of memory that are made to take much" };
        var peakOf = new Option<string[]>(MemoryBench.PeakOption) { Arity = new ArgumentArity(3, 3), AllowMultipleArgumentsPerToken = true, Hidden = true };
        var command = new Command(
            "pddl",
            "Measure the reader and the validator on problems of our own generators.\n\n"
            + "Examples:\n  outerloop bench pddl\n  outerloop bench pddl --corpus FOLDER --json\n  outerloop bench pddl --memory")
        {
            corpus,
            json,
            memory,
            peakOf,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(peakOf) is { Length: > 0 } files)
                MemoryBench.PrintPeak(files, terminal.Output);
            else if (parsed.GetValue(memory))
                ReportMemory(await new MemoryBench(cancellation).Run(), parsed.GetValue(json), terminal);
            else
                await Task.Run(() => Report(Speed(parsed.GetValue(corpus), clock, cancellation), parsed.GetValue(json), terminal), cancellation);
            return ExitCode.Done;
        });
        return command;
    }

    private static IEnumerable<Measurement> Speed(string? corpus, TimeProvider clock, CancellationToken cancellation)
    {
        var bench = new PddlBench(new Stopwatch(clock, cancellation), cancellation);
        return corpus is null ? bench.Generated() : bench.Generated().Concat(bench.Corpus(corpus));
    }

    private static void ReportMemory(List<MemoryMeasurement> peaks, bool json, Terminal terminal)
    {
        if (json)
            Json.Write(new { machine = Machine.Here(), measurements = peaks }, terminal.Output);
        else
            MemoryTable.Print(peaks, terminal.OutputConsole());
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
