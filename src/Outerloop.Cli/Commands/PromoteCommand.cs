using System.CommandLine;
using System.Globalization;
using Outerloop.Live;
using Outerloop.Runs;

namespace Outerloop.Cli.Commands;

/// <summary><c>outerloop promote</c>: which generation of a run answers users.</summary>
internal static class PromoteCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var run = new Argument<string>("RUN") { Description = "the run's folder" };
        var generation = new Option<int>("--generation") { Description = "which generation is to answer", HelpName = "N", Required = true };
        var share = new Option<double>("--share") { Description = "the share of the requests that it answers, beside the one that answers now", HelpName = "S", DefaultValueFactory = _ => 1 };
        var domain = new Option<string?>("--domain") { Description = "which of the run's domains [the first]", HelpName = "D" };
        var why = new Option<string?>("--why") { Description = "a word on the decision, kept with it", HelpName = "TEXT" };
        var command = new Command(
            "promote",
            """
            Have a generation of a run answer users: a share of their requests as a canary, or all of them. A gateway that serves the run
            follows within about a second; what is under way ends on the weights that it began with.

            Examples:
              outerloop promote runs/long --generation 3 --share 0.1
              outerloop promote runs/long --generation 3
            """)
        {
            run, generation, share, domain, why,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetValue(run)!;
            string which = RunFolder.DomainOf(path, RunFolder.SettingsAt(path), parsed.GetValue(domain));
            double part = parsed.GetValue(share) is > 0 and <= 1 and var given ? given : throw new InputException("--share: it is above 0 and at most 1");
            Show(which, await Promotion.Promote(path, which, parsed.GetValue(generation), part, (clock.GetUtcNow(), parsed.GetValue(why) ?? "promote"), cancellation), terminal);
            return ExitCode.Done;
        });
        return command;
    }

    public static void Show(string domain, DeploymentState state, Terminal terminal) => terminal.Output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{domain}: generation {state.Current} answers {(state.Canary is { } canary ? $"what generation {canary} leaves, which answers {100 * state.Share:0.#} %" : "all")}"));
}
