using System.CommandLine;
using System.Globalization;
using Outerloop.Cli.Display;
using Outerloop.Evaluation;
using Outerloop.Live;
using Outerloop.Policies;
using Outerloop.Policies.Servers;
using Outerloop.Runs;
using Outerloop.Training;

namespace Outerloop.Cli.Commands;

/// <summary><c>outerloop next</c>: a generation from all that a run's generations have answered, to the loop and to users.</summary>
internal static class NextCommand
{
    private const int MostShown = 20;

    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var run = new Argument<string>("RUN") { Description = "the run's folder" };
        var curator = new Option<string>("--curator") { Description = "who chooses what it learns from: verifier (the run's own curator), feedback, both, or another that 'run --curator' knows", HelpName = "NAME", DefaultValueFactory = _ => "verifier" };
        var domain = new Option<string?>("--domain") { Description = "which of the run's domains [the first]", HelpName = "D" };
        var threads = ThreadOption.Create();
        var json = new Option<bool>("--json") { Description = "print the comparison as JSON" };
        var command = new Command(
            "next",
            """
            Make a run's next generation from its traces, those of users included, and compare it on the held-out tasks with the one that
            answers users now. It answers nobody before 'outerloop promote'.

            Examples:
              outerloop next runs/long
              outerloop next runs/long --curator both --json
            """)
        {
            run, curator, domain, threads, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            using RunFolder folder = RunFolder.Resume(parsed.GetValue(run)!);
            string which = RunFolder.DomainOf(folder.Path, folder.Settings, parsed.GetValue(domain));
            if (ServerPolicyFactory.ModelOf(folder.Settings.Policy) is not null || folder.Settings.Trainer.Kind == TrainerCatalog.Command)
                throw new InputException($"{folder.Path}: the models of this run are on servers, or trained by a command; next makes generations of in-process models");
            if (TrainerCatalog.Find(folder.Settings.Trainer.Kind).LearnsFromRewards)
                throw new InputException($"{folder.Path}: the trainer {folder.Settings.Trainer.Kind} learns from all traces of its latest generation; next wants one that learns from what a curator keeps");
            int workers = ThreadOption.Of(parsed, threads);
            NextReport report = await ProgressDisplay.Run(terminal.Messages, clock, display =>
            {
                var policies = new LocalPolicyFactory(workers);
                var parts = new RunParts(policies, TrainerCatalog.Create(folder.Settings, policies, workers), new RunScreen(display), clock);
                return NextGeneration.Make(folder, which, parsed.GetValue(curator)!, parts, cancellation);
            });
            if (parsed.GetValue(json))
                Json.Write(report, terminal.Output);
            else
                Show(report, terminal.Output);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Show(NextReport report, TextWriter output)
    {
        output.WriteLine($"{report.Domain}: generation {report.Generation} learnt from {report.Examples} traces ({report.LiveExamples} of users), chosen by {report.Curator}");
        Show("held-out, three samples", report.HeldOut, report, output);
        Show("held-out, greedy", report.Greedy, report, output);
        if (report.Disagreements.Count > 0)
            output.WriteLine($"users and the verifier disagree about {report.Disagreements.Count} answers:");
        foreach (Disagreement one in report.Disagreements.Take(MostShown))
            output.WriteLine($"  {one.Trace}  user {(one.User ? "accepts" : "rejects")}, verifier {one.Verifier.ToString().ToLowerInvariant()}  {Printable(one.Message)}");
        if (report.Disagreements.Count > MostShown)
            output.WriteLine($"  and {report.Disagreements.Count - MostShown} more; --json has all");
    }

    /// <summary>A model's words could steer a terminal.</summary>
    private static string Printable(string? text) => string.Concat((text ?? "").Select(letter => char.IsControl(letter) ? '\ufffd' : letter));

    private static void Show(string measure, ScoreDifference? difference, NextReport report, TextWriter output)
    {
        if (difference is null)
            return;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{measure}: generation {report.Current} {difference.First:P1}, generation {report.Generation} {difference.Second:P1}; difference {100 * difference.Difference:+0.0;-0.0} points [{100 * difference.Low:+0.0;-0.0}, {100 * difference.High:+0.0;-0.0}] over {difference.Tasks} tasks, {difference.Won} won, {difference.Lost} lost"));
    }
}
