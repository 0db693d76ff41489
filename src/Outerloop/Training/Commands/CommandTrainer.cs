using System.Globalization;
using Outerloop.Configuration;
using Outerloop.Planning.Domains;
using Outerloop.Policies;
using Outerloop.Policies.Servers;

namespace Outerloop.Training.Commands;

/// <summary>
/// Fine-tunes by a command of the user's. It is given the data and says where the result is to be; the result counts when
/// the command has ended with 0 and the folder holds what it should. It may find there what an interrupted one has left.
/// </summary>
/// <param name="settings">Of the run.</param>
/// <param name="policies">Who ask the models, and so know how the examples were asked.</param>
/// <param name="host">Where the command runs.</param>
public sealed class CommandTrainer(RunSettings settings, IPolicyFactory policies, ITrainerHost host) : ITrainer
{
    /// <summary>What a command's placeholders can be.</summary>
    public static IReadOnlyList<string> Placeholders { get; } = ["data", "base", "output", "generation", "domain", "settings", "seed"];

    public async Task<TrainingResult> Train(TrainingJob job, IProgress<TrainingStep> progress, CancellationToken cancellation)
    {
        PlanningDomain domain = DomainCatalog.Find(job.Domain)!;
        Directory.CreateDirectory(Path.GetDirectoryName(job.OutputFolder)!);
        ShellCommand command = Command(job, settings);
        TrainingData.Write(DataOf(job), job.Examples, policies.FormatOf(job.BaseFolder, domain));
        TrainerSettingsFile.Write(SettingsOf(job), settings.Trainer);
        var log = new TrainerLog(progress);
        TrainerEnd ended = await host.Run(job, command, log.Hear, cancellation);
        if (ended.ExitCode != 0)
            throw ended.Failure(job, $"the trainer ended with {ended.ExitCode}");
        Accept(job, ended);
        using IPolicy made = policies.Open(job.OutputFolder, domain);
        using IPolicy began = policies.Open(job.BaseFolder, domain);
        return new TrainingResult(made.WeightsHash, began.WeightsHash, log.Last.Step, log.Last.Tokens, log.Last.Loss, log.ValidationLoss);
    }

    /// <summary>The command line of a job, as the shell is given it.</summary>
    /// <exception cref="InputException">It has a placeholder that stands for nothing.</exception>
    public static ShellCommand Command(TrainingJob job, RunSettings settings) => new(
        settings.Trainer.Command,
        new Dictionary<string, string>
        {
            ["data"] = Path.GetFullPath(DataOf(job)),
            ["base"] = BaseOf(job, settings),
            ["output"] = Path.GetFullPath(IncomingOf(job)),
            ["generation"] = job.Generation.ToString(CultureInfo.InvariantCulture),
            ["domain"] = job.Domain,
            ["settings"] = Path.GetFullPath(SettingsOf(job)),
            ["seed"] = (job.Seed.Value & int.MaxValue).ToString(CultureInfo.InvariantCulture),
        });

    /// <summary>The base as a trainer is to find it: a server's model by its name, unless the settings have another.</summary>
    private static string BaseOf(TrainingJob job, RunSettings settings) =>
        settings.Trainer.Base.Length > 0 ? settings.Trainer.Base : ServerPolicyFactory.ModelOf(settings.Policy) ?? Path.GetFullPath(job.BaseFolder);

    private void Accept(TrainingJob job, TrainerEnd ended)
    {
        string made = IncomingOf(job);
        if (!Directory.Exists(made) || !Directory.EnumerateFiles(made).Any())
            throw ended.Failure(job, $"the trainer ended with 0 and left nothing in {made}");
        try
        {
            if (PeftAdapter.IsIn(made))
                PeftAdapter.Check(made, BaseShapes.Find(BaseOf(job, settings)));
            else if (ServerPolicyFactory.ModelOf(settings.Policy) is not null)
                throw new FormatException("there is no adapter_config.json: models on servers want a PEFT adapter");
        }
        catch (FormatException problem)
        {
            throw ended.Failure(job, $"what the trainer left in {made} cannot be used: {problem.Message}");
        }

        if (Directory.Exists(job.OutputFolder))
            Directory.Delete(job.OutputFolder, recursive: true);
        Directory.Move(made, job.OutputFolder);
    }

    private static string DataOf(TrainingJob job) => job.OutputFolder + ".jsonl";

    private static string SettingsOf(TrainingJob job) => job.OutputFolder + ".settings.json";

    private static string IncomingOf(TrainingJob job) => job.OutputFolder + ".incoming";
}
