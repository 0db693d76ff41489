using System.CommandLine;

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
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                if (parsed.GetValue(peakOf) is { Length: > 0 } files)
                    MemoryBench.PrintPeak(files, terminal.Output);
                else if (parsed.GetValue(memory))
                    ReportMemory(new MemoryBench(cancellation).Run(), parsed.GetValue(json), terminal);
                else
                    ReportSpeed(Speed(parsed.GetValue(corpus), clock, cancellation), parsed.GetValue(json), terminal);
                return ExitCode.Done;
            },
            cancellation));
        return command;
    }

    private static IEnumerable<Measurement> Speed(string? corpus, TimeProvider clock, CancellationToken cancellation)
    {
        var bench = new PddlBench(new Stopwatch(clock, cancellation), cancellation);
        return corpus is null ? bench.Generated() : bench.Generated().Concat(bench.Corpus(corpus));
    }

    private static void ReportMemory(IEnumerable<MemoryMeasurement> measured, bool json, Terminal terminal)
    {
        List<MemoryMeasurement> measurements = BenchReport.Collect(measured, row => $"{row.Name}: {BenchReport.Number(row.Peak)} MB", terminal);
        if (json)
            Json.Write(new { machine = Machine.Here(), measurements }, terminal.Output);
        else
            BenchReport.Print(terminal, [], ["text", "verdict", "MB", "peak MB", "times its size"], measurements.Select(Cells));
    }

    private static void ReportSpeed(IEnumerable<Measurement> measured, bool json, Terminal terminal)
    {
        List<Measurement> measurements = BenchReport.Collect(measured, row => $"{row.Name}: {BenchReport.Number(row.Median)} {row.Unit}", terminal);
        if (json)
            Json.Write(new { machine = Machine.Here(), measurements }, terminal.Output);
        else
            BenchReport.Print(terminal, [], ["work", "median", "best", "unit", "runs"], measurements.Select(Cells));
    }

    private static string[] Cells(MemoryMeasurement row) =>
        [row.Name, row.Verdict, BenchReport.Number(row.Megabytes), BenchReport.Number(row.Peak), BenchReport.Number(row.Ratio)];

    private static string[] Cells(Measurement row) =>
        [row.Name, BenchReport.Number(row.Median), BenchReport.Number(row.Best), row.Unit, BenchReport.Number(row.Runs)];
}
