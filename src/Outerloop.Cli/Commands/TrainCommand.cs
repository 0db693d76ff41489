using System.CommandLine;
using Outerloop.Configuration;
using Outerloop.Runs;
using Outerloop.Training;

namespace Outerloop.Cli.Commands;

/// <summary><c>outerloop train</c>: the fine-tuning of one generation, for a run that waits for it elsewhere.</summary>
internal static class TrainCommand
{
    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("RUN") { Description = "the run's folder" };
        var domain = new Option<string?>("--domain") { Description = "which of the run's domains [the first]", HelpName = "D" };
        var generation = new Option<int>("--generation") { Description = "which generation is to be made", HelpName = "N", Required = true };
        var threads = ThreadOption.Create();
        var command = new Command(
            "train",
            """
            Fine-tune one generation of a run on what the run has curated for it. 'outerloop run --train-on slurm' gives this to
            Slurm as a job and takes the result over; a run on one machine does it itself. Steps are told as lines of JSON.

            Examples:
              outerloop train runs/long --generation 3
            """)
        {
            run, domain, generation, threads,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            using RunFolder folder = RunFolder.Join(parsed.GetValue(run)!);
            RunSettings settings = folder.Settings;
            if (settings.Trainer.Kind == TrainerCatalog.Command)
                throw new InputException($"{folder.Path}: this run's trainer is a command of its own");
            var trainer = new LocalTrainer(settings.Trainer, ThreadOption.Of(parsed, threads));
            TrainingResult made = await RunTraining.Execute(
                folder, RunFolder.DomainOf(folder.Path, settings, parsed.GetValue(domain)), parsed.GetValue(generation), trainer, new Lines(terminal), cancellation);
            Json.WriteLine(made, terminal.Output);
            return ExitCode.Done;
        });
        return command;
    }

    private sealed class Lines(Terminal terminal) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => Json.WriteLine(value, terminal.Output);
    }
}
