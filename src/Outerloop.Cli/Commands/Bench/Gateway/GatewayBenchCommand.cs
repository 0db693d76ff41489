using System.CommandLine;
using System.Globalization;
using Outerloop.Cli.Display;

namespace Outerloop.Cli.Commands.Bench.Gateway;

/// <summary><c>outerloop bench gateway</c>: what the way through the gateway costs, with clients on the same machine.</summary>
internal static class GatewayBenchCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var clients = new Option<int>("--clients") { Description = "at a time", HelpName = "N", DefaultValueFactory = _ => 64 };
        var answers = new Option<int>("--answers") { Description = "chats in each round", HelpName = "N", DefaultValueFactory = _ => 2000 };
        var rounds = new Option<int>("--rounds") { Description = "rounds of chats, of which the best counts", HelpName = "N", DefaultValueFactory = _ => 3 };
        var small = new Option<int>("--small") { Description = "requests for one or two tokens", HelpName = "N", DefaultValueFactory = _ => 20_000 };
        var passed = new Option<int>("--passed") { Description = "requests that are passed on to a server that answers at once", HelpName = "N", DefaultValueFactory = _ => 5000 };
        var minutes = new Option<double>("--minutes") { Description = "full load for so long, to see the memory [not measured]", HelpName = "N" };
        var noStore = new Option<bool>("--no-store") { Description = "without a record of the answers" };
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var command = new Command(
            "gateway",
            "Measure a gateway over the bundled base, a process of its own that keeps its answers in a run's store: streams of many clients against the sampler "
            + "alone on the same questions, small requests, requests passed on to another server, and memory over time. The clients share the processors with it.\n\n"
            + "Examples:\n  outerloop bench gateway\n  outerloop bench gateway --minutes 10 --json\n  outerloop bench gateway --no-store --clients 32")
        {
            clients,
            answers,
            rounds,
            small,
            passed,
            minutes,
            noStore,
            json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            int many = parsed.Within(clients, 1, 256), chats = parsed.Within(answers, 1, 1_000_000), times = parsed.Within(rounds, 1, 100);
            int requests = parsed.Within(small, 10, 10_000_000);
            int passes = parsed.Within(passed, 100, 10_000_000);
            double load = parsed.Within(minutes, 0, 100_000);
            Measured measured = await ProgressDisplay.Run(terminal.Messages, clock, display => Task.Run(
                async () =>
                {
                    using GatewayBench bench = await GatewayBench.Start(many, !parsed.GetValue(noStore), clock, display, cancellation);
                    return new Measured(
                        many,
                        await bench.Decode(chats, times, cancellation),
                        await bench.Small(requests, cancellation),
                        await bench.Pass(passes, cancellation),
                        load > 0 ? await bench.Remember(load, cancellation) : null);
                },
                cancellation));
            if (parsed.GetValue(json))
                Json.Write(new { machine = Machine.Here(), measured }, terminal.Output);
            else
                Print(measured, terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(Measured measured, Terminal terminal)
    {
        DecodingMeasurement decoding = measured.Decoding;
        SmallMeasurement small = measured.Small;
        BenchReport.Print(
            terminal,
            [
                $"{decoding.Answers} chats of {measured.Clients} clients, {decoding.Tokens} tokens; {decoding.Different} answers differ from the sampler's",
                $"through the gateway: {Share(decoding.RatioToEngine)} of the sampler with {measured.Clients} at a time, {Share(decoding.RatioToSampler)} with as many as the gateway has",
                $"of the processors' time {Share(decoding.RatioByCpu)} is the sampler's; {Share(decoding.FirstAskedRatioByCpu)} where each task is new; {Share(decoding.RatioByServerCpu)} without the clients",
                $"passing a request on adds {BenchReport.Number(measured.Passing.AddedMedian)} ms at the median and {BenchReport.Number(measured.Passing.AddedP99)} ms at p99 ({Text(measured.Passing.Direct)} without, {Text(measured.Passing.Through)} with it)",
                .. measured.Memory is { } memory
                    ? [$"memory over {BenchReport.Number(memory.Minutes)} minutes and {memory.Answers} answers: {string.Join(' ', memory.Series.Select(BenchReport.Number))} MB"]
                    : Array.Empty<string>(),
            ],
            ["work", "per second", "first token ms, p99", "whole ms, p99", "CPU of the server", "of the clients"],
            [
                [$"tokens, bench model --mode decode, {measured.Clients} at a time; reads no prompts", BenchReport.Number(decoding.ModelPerSecond), "", "", "", ""],
                [$"tokens, sampler alone, {measured.Clients} at a time", BenchReport.Number(decoding.EnginePerSecond), "", "", "", ""],
                ["tokens, sampler alone, as in the gateway", BenchReport.Number(decoding.SamplerPerSecond), "", "", $"{BenchReport.Number(decoding.SamplerCpu)} µs", ""],
                [
                    "tokens, gateway, tasks asked before", BenchReport.Number(decoding.GatewayPerSecond), Text(decoding.FirstToken), Text(decoding.Whole),
                    $"{BenchReport.Number(decoding.ServerCpu)} µs", $"{BenchReport.Number(decoding.ClientCpu)} µs",
                ],
                ["tokens, gateway, tasks asked for the first time", BenchReport.Number(decoding.FirstAskedPerSecond), "", "", "", ""],
                ["requests for 1 or 2 tokens", BenchReport.Number(small.PerSecond), "", Text(small.Whole), $"{BenchReport.Number(small.ServerCpu)} ms", $"{BenchReport.Number(small.ClientCpu)} ms"],
            ]);
    }

    private static string Text(Latency latency) => $"{BenchReport.Number(latency.Median)}, {BenchReport.Number(latency.P99)}";

    private static string Share(double ratio) => ratio.ToString("0 %", CultureInfo.InvariantCulture);

    private sealed record Measured(int Clients, DecodingMeasurement Decoding, SmallMeasurement Small, PassingMeasurement Passing, MemoryOverTime? Memory);
}
