using System.CommandLine;
using Outerloop.Cli.Display;
using Outerloop.Reward;

namespace Outerloop.Cli.Commands;

/// <summary><c>outerloop reward</c>: what a run's curator rewards without saying so.</summary>
internal static class RewardCommand
{
    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("RUN") { Description = "the run's folder" };
        var domain = new Option<string?>("--domain") { Description = "which of the run's domains [the first]", HelpName = "D" };
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var command = new Command(
            "reward",
            """
            Estimate the implicit reward of a run's curator from what it kept: keep-probabilities, and a logistic fit with 95 %
            intervals for each generation.

            Examples:
              outerloop reward runs/long
              outerloop reward runs/long --json
            """)
        {
            run, domain, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            RewardReport report = await RunReward.Estimate(parsed.GetValue(run)!, parsed.GetValue(domain), cancellation);
            if (parsed.GetValue(json))
                Json.Write(report, terminal.Output);
            else
                RewardTable.Write(report, terminal.OutputConsole());
            return ExitCode.Done;
        });
        return command;
    }
}
