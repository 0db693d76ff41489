using System.CommandLine;
using System.Globalization;
using Outerloop.Configuration;
using Outerloop.Policies;
using Outerloop.Runs;
using Outerloop.Slurm;
using Outerloop.Storage;
using Outerloop.Training;

namespace Outerloop.Cli.Commands;

/// <summary>Where generations are fine-tuned. It does not decide what becomes of them.</summary>
internal sealed class TrainingPlaceOptions
{
    private const string Slurm = "slurm";

    private readonly Option<string?> _place = new("--train-on") { Description = "fine-tune in jobs of Slurm, whichever the trainer: slurm [this machine]", HelpName = Slurm };
    private readonly Option<string?> _script = new("--train-script") { Description = "the batch script of those jobs, with {command} where the trainer is to stand", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Add(_place);
        command.Add(_script);
    }

    /// <exception cref="InputException">What is said makes no sense.</exception>
    public void Check(ParseResult parsed)
    {
        if (parsed.GetValue(_place) is not (null or Slurm))
            throw new InputException($"--train-on: '{parsed.GetValue(_place)}' is no such place; slurm is one");
        if (parsed.GetValue(_script) is { } file)
            _ = JobScript.Read(file);
    }

    /// <summary>Refuses a store that jobs could not reach.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="settings">Of the run.</param>
    /// <param name="store">Its address; null for a file.</param>
    public void Require(ParseResult parsed, RunSettings settings, string? store)
    {
        if (parsed.GetValue(_place) is not null && settings.Trainer.Kind != TrainerCatalog.Command && (store is null || !PostgresAddress.Is(store)))
            throw new InputException("--train-on slurm wants the run's store in PostgreSQL (--store), which the job reads from its node");
    }

    /// <summary>The trainer of a run, at its place.</summary>
    public ITrainer Trainer(ParseResult parsed, RunFolder folder, IPolicyFactory policies, int threads, SlurmSurroundings around)
    {
        if (parsed.GetValue(_place) is null)
            return TrainerCatalog.Create(folder.Settings, policies, threads);
        Require(parsed, folder.Settings, folder.Store);
        JobScript script = parsed.GetValue(_script) is { } file ? JobScript.Read(file) : JobScript.Standard;
        return TrainerCatalog.Create(folder.Settings, policies, threads, (new SlurmTraining(around, script), job => InProcess(folder, job)));
    }

    private static ShellCommand InProcess(RunFolder folder, TrainingJob job) => ShellCommand.Of(OwnProgram.Command(
        "train", Path.GetFullPath(folder.Path), "--domain", job.Domain, "--generation", job.Generation.ToString(CultureInfo.InvariantCulture)));
}
