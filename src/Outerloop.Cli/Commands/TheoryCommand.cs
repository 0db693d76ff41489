using System.CommandLine;
using Outerloop.Cli.Display;
using Outerloop.Theory;

namespace Outerloop.Cli.Commands;

/// <summary><c>outerloop theory</c>: the paper's propositions on a run's own traces.</summary>
internal static class TheoryCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var run = new Argument<string>("RUN") { Description = "the run's folder" };
        var domain = new Option<string?>("--domain") { Description = "which of the run's domains [the first]", HelpName = "D" };
        var generation = new Option<int?>("--generation") { Description = "whose policy is looked at [the last deployed]", HelpName = "N" };
        var traces = new Option<int>("--traces") { Description = "traces of each generation, by task [all]", HelpName = "N", DefaultValueFactory = _ => int.MaxValue };
        var threads = new Option<int>("--threads") { Description = "worker threads [all processors]", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var command = new Command(
            "theory",
            """
            Check the propositions that the method rests on, on the traces and weights of a run: that fine-tuning on valid
            traces is REINFORCE (1), that older traces enter with importance weights (2), and how far the real update is from
            the ideal one.

            Examples:
              outerloop theory runs/long
              outerloop theory runs/long --generation 2 --traces 200 --json
            """)
        {
            run, domain, generation, traces, threads, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(traces) < 1 || parsed.GetValue(threads) < 1)
                throw new InputException("--traces and --threads want at least 1");
            var request = new TheoryRequest(parsed.GetValue(domain), parsed.GetValue(generation), parsed.GetValue(traces), parsed.GetValue(threads));
            TheoryReport report = await ProgressDisplay.Run(
                terminal.Messages, clock, display => RunTheory.Analyse(parsed.GetValue(run)!, request, new Shown(display), cancellation));
            if (parsed.GetValue(json))
                Json.Write(report, terminal.Output);
            else
                TheoryTable.Write(report, terminal.OutputConsole());
            return ExitCode.Done;
        });
        return command;
    }

    private sealed class Shown(IProgressDisplay display) : IProgress<TheoryProgress>
    {
        public void Report(TheoryProgress value) => display.Show(value.Work, value.Done, value.Total, 0, "");
    }
}
