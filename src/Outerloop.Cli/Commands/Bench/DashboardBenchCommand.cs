using System.CommandLine;
using Outerloop.Cli.Display;

namespace Outerloop.Cli.Commands.Bench;

/// <summary><c>outerloop bench dashboard</c>: whether pages come soon over a store of a million traces.</summary>
internal static class DashboardBenchCommand
{
    private const int PerSample = SyntheticRun.Generations * SyntheticRun.PoolTasks;

    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var traces = new Option<int>("--traces") { Description = "how many, about", HelpName = "N", DefaultValueFactory = _ => 1_000_000 };
        var rounds = new Option<int>("--rounds") { Description = "how often each page is asked for", HelpName = "N", DefaultValueFactory = _ => 21 };
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var command = new Command(
            "dashboard",
            "Fill a store with synthetic traces, then measure how long each page and each answer of the API takes while another connection writes. "
            + "A million traces take about 2 GB of the folder for temporary files.\n\n"
            + "Examples:\n  outerloop bench dashboard\n  outerloop bench dashboard --traces 50000 --json")
        {
            traces,
            rounds,
            json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            int count = parsed.GetValue(traces), times = parsed.GetValue(rounds);
            if (count is < PerSample or > 100_000_000 || times is < 1 or > 10_000)
                throw new InputException($"--traces is between {PerSample} and 100000000, --rounds between 1 and 10000");
            DashboardMeasurement measured = await ProgressDisplay.Run(
                terminal.Messages, clock, display => Task.Run(() => new DashboardBench(clock, display).Measure(count / PerSample, times, cancellation), cancellation));
            if (parsed.GetValue(json))
                Json.Write(new { machine = Machine.Here(), measured }, terminal.Output);
            else
                Print(measured, terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(DashboardMeasurement measured, Terminal terminal) => BenchReport.Print(
        terminal,
        [
            $"{BenchReport.Number(measured.Traces)} traces; meanwhile {measured.Writer.Transactions} transactions were written, "
            + $"in {BenchReport.Number(measured.Writer.Median)} ms (median), {BenchReport.Number(measured.Writer.Worst)} ms at worst",
            $"a gateway that is started again tells the figures after {BenchReport.Number(measured.StartedAgain)} ms",
        ],
        ["page", "first, ms", "median, ms", "worst, ms"],
        measured.Pages.Select(page => (string[])[page.Page, BenchReport.Number(page.First), BenchReport.Number(page.Median), BenchReport.Number(page.Worst)]));
}
