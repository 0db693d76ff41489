using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Training;

/// <summary>A trace to learn from, with the task that it answers.</summary>
public sealed record TrainingExample(PlanningTask Task, Trace Trace);

/// <summary>One fine-tuning: from the weights in one folder, on examples, to a new folder.</summary>
/// <param name="BaseFolder">Where it begins: the base, or the generation before.</param>
/// <param name="OutputFolder">Appears whole, when the training is done, or not at all.</param>
public sealed record TrainingJob(
    string Domain, int Generation, string BaseFolder, string OutputFolder, IReadOnlyList<TrainingExample> Examples, Seed Seed)
{
    /// <summary>The folders of the generations that sampled the examples.</summary>
    public IReadOnlyDictionary<int, string> BehaviourFolders { get; init; } = new Dictionary<int, string>();

    /// <summary>What a fine-tuning here goes on from after it was stopped.</summary>
    public string StateFile => OutputFolder + ".training";

    /// <summary>Where a trainer on a cluster puts down its job; null where it cannot be on one.</summary>
    public IJobLedger? Jobs { get; init; }
}

/// <summary>What a fine-tuning made.</summary>
/// <param name="Tokens">Tokens read, prompts included.</param>
/// <param name="FinalLoss">Mean loss per trace token, in nats, over the last tenth of the steps.</param>
/// <param name="ValidationLoss">The same after the last step, on the traces held out of the fine-tuning; null if there were none.</param>
public sealed record TrainingResult(
    string Weights, string BaseWeights, int Steps, long Tokens, double FinalLoss, double? ValidationLoss = null);

/// <summary>How far a fine-tuning is: told after each step, before the trainer keeps anything of it.</summary>
/// <param name="Loss">Of the step's batch, per trace token.</param>
/// <param name="ValidationLoss">On the traces held out, where it was measured after this step.</param>
public sealed record TrainingStep(int Step, int Steps, long Tokens, double Loss, double LearningRate, double? ValidationLoss = null);

/// <summary>Makes the next generation.</summary>
public interface ITrainer
{
    Task<TrainingResult> Train(TrainingJob job, IProgress<TrainingStep> progress, CancellationToken cancellation);
}
