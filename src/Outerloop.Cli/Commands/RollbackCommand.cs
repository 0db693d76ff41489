using System.CommandLine;
using Outerloop.Live;
using Outerloop.Runs;

namespace Outerloop.Cli.Commands;

/// <summary><c>outerloop rollback</c>: undoes the last promotion.</summary>
internal static class RollbackCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var run = new Argument<string>("RUN") { Description = "the run's folder" };
        var domain = new Option<string?>("--domain") { Description = "which of the run's domains [the first]", HelpName = "D" };
        var why = new Option<string?>("--why") { Description = "a word on the decision, kept with it", HelpName = "TEXT" };
        var command = new Command(
            "rollback",
            """
            End a canary; without one, have the generation answer users again that did before.

            Examples:
              outerloop rollback runs/long
            """)
        {
            run, domain, why,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetValue(run)!;
            string which = RunFolder.DomainOf(path, RunFolder.SettingsAt(path), parsed.GetValue(domain));
            PromoteCommand.Show(which, await Promotion.RollBack(path, which, (clock.GetUtcNow(), parsed.GetValue(why) ?? "rollback"), cancellation), terminal);
            return ExitCode.Done;
        });
        return command;
    }
}
