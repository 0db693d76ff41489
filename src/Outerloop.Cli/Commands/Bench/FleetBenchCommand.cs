using System.CommandLine;
using Outerloop.Cli.Display;

namespace Outerloop.Cli.Commands.Bench;

/// <summary><c>outerloop bench fleet</c>: what more workers bring.</summary>
internal static class FleetBenchCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var workers = new Option<int>("--workers") { Description = "up to how many, each on one processor", HelpName = "N", DefaultValueFactory = _ => 2 };
        var samples = new Option<int>("--samples") { Description = "answers to each of 1000 tasks", HelpName = "N", DefaultValueFactory = _ => 20 };
        var rounds = new Option<int>("--rounds") { Description = "deployments by each number of workers; the best counts", HelpName = "N", DefaultValueFactory = _ => 3 };
        var model = new Option<string?>("--model") { Description = "whose answers [the bundled base]", HelpName = "DIR" };
        Option<string?> store = FleetOptionSet.StoreOption("a database for the store [a file]");
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var command = new Command(
            "fleet",
            "Measure the deployment of a model on Blocksworld by one worker, by two, and so on: answers a second, from the first on. The gain is the rate "
            + "over that of one worker, all of them held to one processor each (by taskset); 'by CPU' is what it would be if nothing else wanted these.\n\n"
            + "Examples:\n  outerloop bench fleet\n  outerloop bench fleet --model my-base --samples 4\n  outerloop bench fleet --store postgres:Host=/run/postgresql --workers 4 --json")
        {
            workers,
            samples,
            rounds,
            model,
            store,
            json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            int most = parsed.GetValue(workers), each = parsed.GetValue(samples), times = parsed.GetValue(rounds);
            if (most is < 1 or > 64 || each is < 1 or > 1024 || times is < 1 or > 100)
                throw new InputException("--workers is between 1 and 64, --samples between 1 and 1024, --rounds between 1 and 100");
            string? folder = parsed.GetValue(model);
            if (folder is not null && !Directory.Exists(folder))
                throw new InputException($"{folder}: no such folder; --model wants one with a model in it");
            string policy = folder is null ? "local" : $"local:{folder}";
            List<FleetMeasurement> measured = await ProgressDisplay.Run(terminal.Messages, clock, async display =>
            {
                var all = new List<FleetMeasurement>();
                for (int i = 0; i < times * most; i++)
                    all.Add(await new FleetBench(policy, clock, display).Run(1 + (i % most), each, parsed.GetValue(store), cancellation));
                return all.GroupBy(row => row.Workers).Select(FleetMeasurement.Best).ToList();
            });
            if (parsed.GetValue(json))
                Json.Write(new { machine = Machine.Here(), measured }, terminal.Output);
            else
                Print(measured, terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(List<FleetMeasurement> rows, Terminal terminal) => BenchReport.Print(
        terminal,
        [],
        ["workers", "answers", "per second", "gain", "CPU ms each", "gain by CPU"],
        [
            .. rows.Select(row => new[]
            {
                BenchReport.Number(row.Workers), BenchReport.Number(row.Answers), BenchReport.Number(row.PerSecond), BenchReport.Number(row.PerSecond / rows[0].PerSecond),
                BenchReport.Number(row.CpuMilliseconds), BenchReport.Number(row.Workers * rows[0].CpuMilliseconds / row.CpuMilliseconds),
            }),
        ]);
}
