using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Outerloop.Model.Measurement;
using Outerloop.Model.Sampling;
using Spectre.Console;

namespace Outerloop.Cli.Commands.Bench;

/// <summary><c>outerloop bench model</c>: how fast the in-process model trains and samples, and how near that is to the processor's peak.</summary>
internal static class ModelBenchCommand
{
    private static readonly string[] Modes = ["gemm", "train", "prefill", "decode"];

    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var shape = new ModelShapeOptions();
        Option<int> batch = Number("--batch", "sequences at a time", 32), context = Number("--context", "tokens of a sequence", 128);
        Option<int> threads = Number("--threads", "1: by processor time; more: by the clock", 1), runs = Number("--runs", "timed runs", 5);
        var mode = new Option<string[]>("--mode") { Description = "one or more of: " + string.Join(", ", Modes), AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => Modes };
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
            () =>
            {
                var options = new ModelBenchmarkOptions
                {
                    Batch = AtLeastOne(parsed, batch),
                    Context = AtLeastOne(parsed, context),
                    Threads = AtLeastOne(parsed, threads),
                    Runs = AtLeastOne(parsed, runs),
                };
                string[] modes = parsed.GetValue(mode)!;
                if (parsed.GetValue(folder) is not { } path)
                {
                    Report(new ModelBenchmark(shape.Read(parsed), options, clock, cancellation), modes, parsed.GetValue(json), terminal);
                    return ExitCode.Done;
                }

                if (modes.Contains("train"))
                    throw new InputException("--model: a folder's model is not trained here; leave out the mode train");
                using SamplingCheckpoint checkpoint = SamplingCheckpoint.Open(path, options.Threads, verify: false);
                Report(new ModelBenchmark(checkpoint, options, clock, cancellation), modes, parsed.GetValue(json), terminal);
                return ExitCode.Done;
            },
            cancellation));
        return command;
    }

    private static void Report(ModelBenchmark benchmark, string[] modes, bool json, Terminal terminal)
    {
        var machine = Machine.Here();
        var rates = new List<Rate>();
        foreach (Rate rate in modes.SelectMany(mode => Measure(benchmark, mode)))
        {
            terminal.Say($"{rate.Name}: {Text(rate.Best)} {rate.Unit}");
            rates.Add(rate);
        }

        string time = benchmark.IsProcessorTime ? "processor" : "clock", kernels = ModelBenchmark.Kernels;
        if (json)
            Json.Write(new { machine, kernels, time, peaks = benchmark.Peaks, residentBytes = Resident(), rates }, terminal.Output);
        else
            Print(machine, $"kernels {kernels}, {time} time, {Resident() >> 20} MB resident at most", benchmark.Peaks, rates, terminal.OutputConsole());
    }

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

    private static void Print(Machine machine, string how, HardwarePeaks peaks, List<Rate> rates, IAnsiConsole console)
    {
        console.WriteLine($"{machine.Processors} processors, {machine.Architecture}, {machine.Framework}, {machine.System}; {how}");
        console.WriteLine($"peaks: {Text(peaks.FlopsPerSecond / 1e9)} GFLOP/s multiply-adds, {Text(peaks.BytesPerSecond / 1e9)} GB/s reading");
        var table = new Table { Border = TableBorder.Simple };
        foreach (string column in (string[])["work", "best", "median", "unit", "GFLOP/s", "of peak", "of bandwidth"])
            table.AddColumn(column);
        foreach (Rate rate in rates)
        {
            table.AddRow(
                Markup.Escape(rate.Name), Text(rate.Best), Text(rate.Median), rate.Unit, Text(rate.Gflops), Share(rate.ShareOfPeak), Share(rate.ShareOfBandwidth));
        }

        console.Write(table);
    }

    private static Option<int> Number(string name, string description, int value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "N" };

    private static int AtLeastOne(ParseResult parsed, Option<int> option) => parsed.GetValue(option) is >= 1 and var value
        ? value
        : throw new InputException($"{option.Name}: {parsed.GetValue(option)} is not at least 1");

    private static string Text(double value) => value.ToString(value >= 100 ? "0" : "0.#", CultureInfo.InvariantCulture);

    private static string Share(double share) => share > 0 ? share.ToString("0 %", CultureInfo.InvariantCulture) : "";
}
