using System.CommandLine;
using Outerloop.Cli.Display;
using Outerloop.Planning.Domains;
using Outerloop.Policies;
using Outerloop.Prompting;
using Outerloop.Reporting;
using Outerloop.Runs;

namespace Outerloop.Cli.Commands;

/// <summary><c>outerloop report</c>: the figures of a run, finished or not.</summary>
internal static class ReportCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
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
            RunSummary summary = await RunExecution.Summarize(parsed.GetValue(run)!, cancellation);
            await ProgressDisplay.Run(terminal.Messages, clock, async display =>
            {
                await WriteFiles(parsed.GetValue(run)!, parsed.GetValue(html), parsed.GetValue(csv), display, cancellation);
                return ExitCode.Done;
            });
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

    private static async Task WriteFiles(string run, string? html, string? csv, IProgressDisplay display, CancellationToken cancellation)
    {
        IPromptFormat Format(PlanningDomain domain) => PolicyCatalog.FormatOf(run, domain);
        var planner = new PlannerScreen(display);
        if (html is not null)
            await RunReport.Write(run, html, Format, planner, cancellation);
        if (csv is not null)
            await RunReport.WriteTables(run, csv, Format, planner, cancellation);
    }
}
