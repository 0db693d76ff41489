using System.CommandLine;
using Outerloop.Cli.Display;
using Outerloop.Policies;
using Outerloop.Reporting;
using Outerloop.Runs;

namespace Outerloop.Cli.Commands;

/// <summary><c>outerloop report</c>: the figures of a run, finished or not.</summary>
internal static class ReportCommand
{
    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("RUN") { Description = "the run's folder" };
        var html = new Option<string?>("--html") { Description = "also write the report with charts, one file that opens from disk", HelpName = "FILE" };
        var csv = new Option<string?>("--csv") { Description = "also write the data of each chart into a folder", HelpName = "DIR" };
        var costs = new Option<bool>("--costs") { Description = "also print what each phase of each generation cost" };
        var json = new Option<bool>("--json") { Description = "print the figures as JSON" };
        var command = new Command(
            "report",
            """
            Print the figures of a run, finished or not.

            Examples:
              outerloop report runs/long
              outerloop report runs/long --html report.html --csv figures
              outerloop report runs/long --json
            """)
        {
            run,
            html,
            csv,
            costs,
            json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var policies = new LocalPolicyFactory(threads: 1);
            RunSummary summary = await RunExecution.Summarize(parsed.GetValue(run)!, cancellation);
            if (parsed.GetValue(html) is { } file)
                await RunReport.Write(parsed.GetValue(run)!, file, policies, withPlanner: true, cancellation);
            if (parsed.GetValue(csv) is { } folder)
                await RunReport.WriteTables(parsed.GetValue(run)!, folder, policies, cancellation);
            if (parsed.GetValue(json))
                Json.Write(summary, terminal.Output);
            else
                SummaryTable.Write(summary, terminal.OutputConsole());
            if (parsed.GetValue(costs) && !parsed.GetValue(json))
                CostTable.Write(summary, terminal.OutputConsole());
            return ExitCode.Done;
        });
        return command;
    }
}
