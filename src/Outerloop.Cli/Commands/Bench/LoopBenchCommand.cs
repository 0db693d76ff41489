using System.CommandLine;
using Outerloop.Cli.Display;

namespace Outerloop.Cli.Commands.Bench;

/// <summary><c>outerloop bench loop</c>: what the loop itself costs, beside a model on a server.</summary>
internal static class LoopBenchCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var requests = new Option<int>("--requests") { Description = "how many", HelpName = "N", DefaultValueFactory = _ => 20_000 };
        var inFlight = new Option<int>("--in-flight") { Description = "at a time", HelpName = "N", DefaultValueFactory = _ => 256 };
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var command = new Command(
            "loop",
            "Measure a deployment against a server in this process that answers at once: answers asked for, received, verified and stored a second.\n\n"
            + "Examples:\n  outerloop bench loop\n  outerloop bench loop --requests 100000 --json")
        {
            requests,
            inFlight,
            json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            int count = parsed.GetValue(requests), wide = parsed.GetValue(inFlight);
            if (count < 500 || wide < 1)
                throw new InputException("--requests is at least 500, --in-flight at least 1");
            LoopMeasurement measured = await ProgressDisplay.Run(
                terminal.Messages, clock, display => Task.Run(() => new LoopBench(clock, display).Run(count, wide, cancellation), cancellation));
            if (parsed.GetValue(json))
                Json.Write(new { machine = Machine.Here(), measured }, terminal.Output);
            else
                Print(measured, terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(LoopMeasurement row, Terminal terminal) => BenchReport.Print(
        terminal,
        [],
        ["requests", "in flight", "valid", "per second", "CPU ms each", "MB after a fifth", "MB at the end"],
        [[BenchReport.Number(row.Requests), BenchReport.Number(row.InFlight), BenchReport.Number(row.Valid), BenchReport.Number(row.PerSecond), BenchReport.Number(row.CpuMilliseconds), BenchReport.Number(row.EarlyMegabytes), BenchReport.Number(row.LateMegabytes)]]);
}
