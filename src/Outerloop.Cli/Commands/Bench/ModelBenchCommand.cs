using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Outerloop.Cli.Display;
using Outerloop.Model.Measurement;
using Outerloop.Model.Sampling;

namespace Outerloop.Cli.Commands.Bench;

/// <summary><c>outerloop bench model</c>: how fast the in-process model trains and samples, and how near that is to the processor's peak.</summary>
internal static class ModelBenchCommand
{
    private static readonly string[] Modes = ["gemm", "train", "prefill", "decode"];
    private static readonly string[] ModesOfFolder = ["prefill", "decode"];

    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var shape = new ModelShapeOptions();
        Option<int> batch = Number("--batch", "sequences at a time", 32), context = Number("--context", "tokens of a sequence", 128);
        Option<int> threads = Number("--threads", "1: by processor time; more: by the clock", 1), runs = Number("--runs", "timed runs", 5);
        var mode = new Option<string[]>("--mode") { Description = $"one or more of: {string.Join(", ", Modes)} [all; with --model the last two]", AllowMultipleArgumentsPerToken = true };
        mode.AcceptOnlyFromAmong(Modes);
        var folder = new Option<string?>("--model") { Description = "a model to prefill and decode with, in place of random weights", HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var command = new Command(
            "model",
            "Measure the in-process model, by default with random weights.\n\n"
            + "Examples:\n  outerloop bench model --mode train\n  outerloop bench model --mode prefill decode --model Qwen3-0.6B --batch 1 --context 512\n  outerloop bench model --layers 6 --dim 256 --heads 4 --kv-heads 2 --head-dim 64 --ff 1024 --vocab 512 --json")
        {
            mode, batch, context, threads, runs, folder, json,
        };
        foreach (Option option in shape.All)
            command.Add(option);
        command.SetAction((parsed, cancellation) => Task.Run(
            async () =>
            {
                var options = new ModelBenchmarkOptions
                {
                    Batch = AtLeastOne(parsed, batch),
                    Context = AtLeastOne(parsed, context),
                    Threads = AtLeastOne(parsed, threads),
                    Runs = AtLeastOne(parsed, runs),
                };
                string[] modes = parsed.GetValue(mode) is { Length: > 0 } given ? given : parsed.GetValue(folder) is null ? Modes : ModesOfFolder;
                using SamplingCheckpoint? checkpoint = parsed.GetValue(folder) is { } path ? Open(path, modes, options.Threads) : null;
                if (checkpoint is not null && ModelBenchmark.LongestContext(checkpoint.Config) is var longest && options.Context > longest)
                    throw new InputException($"--context: {options.Context} is more than the {longest} that the model has room for beside new tokens");
                var benchmark = checkpoint is null
                    ? new ModelBenchmark(shape.Read(parsed), options, clock, cancellation)
                    : new ModelBenchmark(checkpoint, options, clock, cancellation);
                Report(benchmark, await Rates(benchmark, modes, terminal, clock), parsed.GetValue(json), terminal);
                return ExitCode.Done;
            },
            cancellation));
        return command;
    }

    private static SamplingCheckpoint Open(string folder, string[] modes, int threads) => modes.Contains("train")
        ? throw new InputException("--model: a folder's model is not trained here; leave out the mode train")
        : SamplingCheckpoint.Open(folder, threads, verify: false);

    private static Task<List<Rate>> Rates(ModelBenchmark benchmark, string[] modes, Terminal terminal, TimeProvider clock) =>
        ProgressDisplay.Run(terminal.Messages, clock, display =>
        {
            var rates = new List<Rate>();
            foreach (string mode in modes)
            {
                benchmark.Ran = (done, runs) => display.Show($"bench model: {mode}", done, runs, 0, "");
                foreach (Rate rate in Measure(benchmark, mode))
                {
                    display.Say($"{rate.Name}: {Text(rate.Best)} {rate.Unit}");
                    rates.Add(rate);
                }
            }

            return Task.FromResult(rates);
        });

    private static void Report(ModelBenchmark benchmark, List<Rate> rates, bool json, Terminal terminal)
    {
        string time = benchmark.IsProcessorTime ? "processor" : "clock", kernels = ModelBenchmark.Kernels;
        HardwarePeaks peaks = benchmark.Peaks;
        if (json)
        {
            Json.Write(new { machine = Machine.Here(), kernels, time, peaks, residentBytes = Resident(), rates }, terminal.Output);
            return;
        }

        BenchReport.Print(
            terminal,
            [
                $"kernels {kernels}, {time} time, {Resident() >> 20} MB resident at most",
                $"peaks: {Text(peaks.FlopsPerSecond / 1e9)} GFLOP/s multiply-adds, {Text(peaks.BytesPerSecond / 1e9)} GB/s reading",
            ],
            ["work", "best", "median", "unit", "GFLOP/s", "of peak", "of bandwidth"],
            rates.Select(Cells));
    }

    private static string[] Cells(Rate rate) =>
        [rate.Name, Text(rate.Best), Text(rate.Median), rate.Unit, Text(rate.Gflops), Share(rate.ShareOfPeak), Share(rate.ShareOfBandwidth)];

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private static IEnumerable<Rate> Measure(ModelBenchmark benchmark, string mode) => mode switch
    {
        "gemm" => benchmark.Gemm(),
        "train" => [benchmark.Train()],
        "prefill" => [benchmark.Prefill()],
        _ => [benchmark.Decode()],
    };

    private static Option<int> Number(string name, string description, int value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "N" };

    private static int AtLeastOne(ParseResult parsed, Option<int> option) => parsed.GetValue(option) is >= 1 and var value
        ? value
        : throw new InputException($"{option.Name}: {parsed.GetValue(option)} is not at least 1");

    private static string Text(double value) => value.ToString(value >= 100 ? "0" : "0.#", CultureInfo.InvariantCulture);

    private static string Share(double share) => share > 0 ? share.ToString("0 %", CultureInfo.InvariantCulture) : "";
}
