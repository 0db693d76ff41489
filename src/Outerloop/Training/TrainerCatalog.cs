using System.Collections.Immutable;
using Outerloop.Configuration;
using Outerloop.Model.Training;
using Outerloop.Policies;
using Outerloop.Policies.Servers;
using Outerloop.Training.Commands;

namespace Outerloop.Training;

/// <summary>The trainers: the paper's, in two sizes, and the baselines that it is to be compared with.</summary>
public static class TrainerCatalog
{
    public static ImmutableArray<TrainerKind> All { get; } =
    [
        new(TrainerSettings.Local, "all weights, from the base"),
        new(TrainerSettings.LowRank, "a LoRA adapter on the base") { TrainsAdapter = true },
        new("continue", "all weights, from the generation before") { StartsFromLatest = true },
        new("reinforce", "REINFORCE with the binary reward on all traces of the generation before, from there")
        {
            StartsFromLatest = true,
            Normalisation = LossNormalisation.SequenceSum,
            Advantage = Advantages.Reward,
        },
        new("reinforce-baseline", "the same with the mean reward as baseline")
        {
            StartsFromLatest = true,
            Normalisation = LossNormalisation.SequenceSum,
            Advantage = Advantages.AboveMean,
        },
        new(GroupRelative, "advantages within each task's samples, clipped ratios, on all traces of the generation before, from there")
        {
            StartsFromLatest = true,
            ComparesWithBehaviour = true,
            Normalisation = LossNormalisation.SequenceSum,
            Advantage = Advantages.WithinTask,
            Objective = settings => new ClippedRatio((float)settings.RatioClip),
        },
        new("iw-sft", "importance-weighted fine-tuning, a weight per trace (arXiv 2507.12856)")
        {
            ComparesWithBehaviour = true,
            Objective = _ => ImportanceWeight.OfSequence,
        },
        new("iw-sft-token", "the same with a weight per token")
        {
            ComparesWithBehaviour = true,
            Objective = _ => ImportanceWeight.OfTokens,
        },
        new(Command, "a command of yours, given the data; see trainer.command"),
        new("dft", "fine-tuning scaled by each token's probability (arXiv 2508.05629)") { Objective = _ => new TokenProbability() },
    ];

    /// <summary>Fine-tunes by <see cref="TrainerSettings.Command"/>.</summary>
    public const string Command = "command";

    private const string GroupRelative = "grpo";

    /// <param name="settings">Of the run.</param>
    /// <param name="policies">Who ask the models, and so know how the examples were asked.</param>
    /// <param name="threads">Of the in-process trainer.</param>
    /// <param name="host">Where it runs, if not here; and as which command, where it is the in-process trainer.</param>
    public static ITrainer Create(
        RunSettings settings, IPolicyFactory policies, int threads, (ITrainerHost Host, Func<TrainingJob, ShellCommand> InProcess)? host = null)
    {
        if (settings.Trainer.Kind == Command)
            return new CommandTrainer(settings, policies, host?.Host ?? new LocalTrainerHost());
        ITrainer trainer = host is { } elsewhere ? new HostedTrainer(elsewhere.Host, elsewhere.InProcess) : new LocalTrainer(settings.Trainer, threads);
        return ServerPolicyFactory.ModelOf(settings.Policy) is null ? trainer : new ServedTrainer(trainer, policies);
    }

    /// <summary>Whether the next generation of a model on servers is made in this process, from a copy of its weights.</summary>
    public static bool TrainsServedModelHere(RunSettings settings) =>
        ServerPolicyFactory.ModelOf(settings.Policy) is not null && settings.Generations > 0 && settings.Trainer.Kind != Command;

    /// <exception cref="FormatException">There is no such trainer; says which there are.</exception>
    public static TrainerKind Find(string name) =>
        All.FirstOrDefault(kind => kind.Name == name)
        ?? throw new FormatException(name is "slurm"
            ? "slurm is where a trainer runs, not which it is: say --train-on slurm with the trainer of your choice"
            : Choice.Unknown("trainer", name, All.Select(kind => kind.Name)));

    /// <summary>Refuses settings under which a trainer could learn nothing.</summary>
    /// <exception cref="InputException">Which, and what to do.</exception>
    public static void Check(RunSettings settings)
    {
        if (settings.Trainer.Kind == GroupRelative && settings.Samples < 2)
            throw new InputException($"--trainer {GroupRelative} compares the samples of a task with each other; give it --samples 2 or more");
        if (settings.Trainer.Kind == Command)
            CheckCommand(settings);
        if (TrainsServedModelHere(settings) && settings.Trainer.Base.Length == 0)
            throw new InputException($"--policy {settings.Policy}: models on servers are fine-tuned by --trainer command, outside this program; or here from a copy of their weights, with --trainer-base FOLDER; or deploy alone with --generations 0");
    }

    private static void CheckCommand(RunSettings settings)
    {
        if (settings.Trainer.Command.Length == 0)
            throw new InputException("--trainer command wants --trainer-command 'LINE', with {data}, {base} and {output} in it");
        _ = CommandTrainer.Command(new TrainingJob("", 1, "base", "0", [], new Seed(0)), settings);
        if (!Placeholders.Names(settings.Trainer.Command).Contains("output"))
            throw new InputException("--trainer-command: without {output} the trainer cannot know where the new generation is to be");
    }
}
