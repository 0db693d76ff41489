using Outerloop.Configuration;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Training;

namespace Outerloop.Training;

/// <summary>Fine-tunes the in-process model on the traces, with all its parameters and the loss on the trace alone.</summary>
public sealed class LocalTrainer(TrainerSettings settings, int threads) : ITrainer
{
    public Task<TrainingResult> Train(TrainingJob job, IProgress<TrainingStep> progress, CancellationToken cancellation) =>
        Task.Run(() => TrainHere(job, progress, cancellation), cancellation);

    private TrainingResult TrainHere(TrainingJob job, IProgress<TrainingStep> progress, CancellationToken cancellation)
    {
        Checkpoint start = Load(job.BaseFolder);
        var examples = new ExampleStream(job, settings, start.Tokenizer!);
        var losses = new FinalLoss(examples.Steps);
        Model.Training.TrainingResult result = Trainer.Fit(
            start.Parameters,
            examples.Batches(),
            examples.Steps,
            Options(),
            step =>
            {
                losses.Add(step);
                progress.Report(new TrainingStep(step.Step, step.Steps, step.Tokens, step.Loss));
            },
            cancellation);
        string weights = Save(job, start);
        return new TrainingResult(weights, start.WeightsHash, result.Steps, result.Tokens, losses.Mean);
    }

    private TrainingOptions Options() => new()
    {
        LearningRate = new LearningRateSchedule { Peak = (float)settings.LearningRate, WarmUp = (float)settings.WarmUp },
        Threads = threads,
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

    private static string Save(TrainingJob job, Checkpoint start)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(job.OutputFolder)!);
            return CheckpointFolder.Save(job.OutputFolder, start.Parameters, start.Tokenizer);
        }
        catch (Exception problem) when (problem is CheckpointException or IOException or UnauthorizedAccessException)
        {
            throw new OutsideException(problem.Message, problem);
        }
    }

    /// <summary>The mean loss over the last tenth of the steps: a single batch says little.</summary>
    private sealed class FinalLoss(int steps)
    {
        private double _sum;
        private int _count;

        public double Mean => _count == 0 ? 0 : _sum / _count;

        public void Add(TrainingProgress step)
        {
            if (step.Step <= steps - Math.Max(1, steps / 10))
                return;
            _sum += step.Loss;
            _count++;
        }
    }
}
