using Outerloop.Configuration;
using Outerloop.Model.Adapters;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Training;

namespace Outerloop.Training;

/// <summary>
/// Fine-tunes the in-process model on the traces, with the loss on the trace alone: all its parameters, or an adapter
/// beside them. An interrupted fine-tuning goes on where it was.
/// </summary>
public sealed class LocalTrainer(TrainerSettings settings, int threads) : ITrainer
{
    private readonly TrainerKind _kind = TrainerCatalog.Find(settings.Kind);

    public Task<TrainingResult> Train(TrainingJob job, IProgress<TrainingStep> progress, CancellationToken cancellation) =>
        Task.Run(() => Guarded(job, progress, cancellation), cancellation);

    private TrainingResult Guarded(TrainingJob job, IProgress<TrainingStep> progress, CancellationToken cancellation)
    {
        Checkpoint start = Load(job.BaseFolder);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(job.OutputFolder)!);
            return TrainHere(job, start, progress, cancellation);
        }
        catch (Exception problem) when (problem is CheckpointException or IOException or UnauthorizedAccessException)
        {
            throw new OutsideException(problem.Message, problem);
        }
    }

    private TrainingResult TrainHere(TrainingJob job, Checkpoint start, IProgress<TrainingStep> progress, CancellationToken cancellation)
    {
        var examples = new ExampleStream(job, settings, start.Tokenizer!);
        TrainingOptions options = Options(job, start);
        Adapter? adapter = _kind.TrainsAdapter
            ? Adapter.Fresh(start.Parameters.Config, settings.Lora, job.Seed.Then("adapter").Value)
            : null;
        Parameters Trained() => adapter?.Merge(start.Parameters) ?? start.Parameters;
        var validation = new ValidationLoss(examples.Validation, examples.StepsPerPass);
        void Report(TrainingProgress step) => progress.Report(
            new TrainingStep(step.Step, step.Steps, step.Tokens, step.Loss, step.LearningRate, validation.After(step, Trained)));
        Model.Training.TrainingResult result = adapter is null
            ? Trainer.Fit(start.Parameters, examples.Batches(), examples.Steps, options, Report, cancellation)
            : Trainer.Fit(new AdaptedModel(start.Parameters, adapter), examples.Batches(), examples.Steps, options, Report, cancellation);
        Parameters trained = Trained();
        string weights = Save(job, start, trained, adapter);
        options.Checkpoints!.Delete();
        return new TrainingResult(
            weights, start.WeightsHash, result.Steps, result.Tokens, result.RecentLoss, validation.Final(trained));
    }

    private TrainingOptions Options(TrainingJob job, Checkpoint start) => new()
    {
        LearningRate = new LearningRateSchedule
        {
            Peak = (float)settings.LearningRate,
            WarmUp = (float)settings.WarmUp,
            Decay = settings.Decay,
            DecayPart = (float)settings.DecayPart,
        },
        AdamW = new AdamWOptions { WeightDecay = (float)settings.WeightDecay, Clip = (float)settings.Clip },
        Normalisation = _kind.Normalisation,
        Objective = _kind.Objective?.Invoke(settings),
        Threads = threads,
        Seed = job.Seed.Then("dropout").Value,
        Checkpoints = new TrainingCheckpoints { File = job.StateFile, Job = TrainingIdentity.Of(job, settings, start) },
    };

    private static Checkpoint Load(string folder)
    {
        try
        {
            return CheckpointFolder.Load(folder);
        }
        catch (CheckpointException problem)
        {
            throw new InputException(problem.Message, problem);
        }
    }

    /// <summary>Writes the model, or the adapter beside the base; either way the hash is that of the weights that will answer.</summary>
    private static string Save(TrainingJob job, Checkpoint start, Parameters trained, Adapter? adapter)
    {
        if (adapter is null)
            return CheckpointFolder.Save(job.OutputFolder, trained, start.Tokenizer);
        AdapterFolder.Save(job.OutputFolder, adapter, Path.GetRelativePath(job.OutputFolder, job.BaseFolder));
        return SafetensorsWriter.Hash(trained);
    }
}
