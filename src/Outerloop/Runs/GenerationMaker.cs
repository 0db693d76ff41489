using Outerloop.Storage;
using Outerloop.Training;

namespace Outerloop.Runs;

/// <summary>Has a generation fine-tuned and puts down what that took, whoever decided what it learns from.</summary>
internal sealed class GenerationMaker(string run, RunStore store, RunParts parts)
{
    public async Task<GenerationRecord> FineTune(TrainingJob job, CancellationToken cancellation)
    {
        var meter = new WorkMeter(parts.Clock);
        using var curve = new TrainingCurveFile(RunFolder.CurveOf(run, job.Domain, job.Generation));
        TrainingResult result;
        try
        {
            result = await parts.Trainer.Train(job, new StepProgress(job, parts.Observer, curve), cancellation);
        }
        finally
        {
            await AddWork(job.Domain, job.Generation, RunPhase.Train, meter);
        }

        return new GenerationRecord(
            job.Generation, result.Weights, result.BaseWeights, job.Examples.Count, result.Steps, result.Tokens, result.FinalLoss,
            result.ValidationLoss);
    }

    /// <summary>Counts what an attempt took, also of one that was stopped.</summary>
    public async Task AddWork(string domain, int generation, RunPhase phase, WorkMeter meter)
    {
        string name = Code.Of(phase);
        await store.AddSeconds(new PhaseTime(domain, generation, name, meter.Elapsed.TotalSeconds), CancellationToken.None);
        await store.AddCosts([new Cost(domain, generation, name, Code.Of(Quantity.CpuSeconds), meter.CpuSeconds)], CancellationToken.None);
    }

    private sealed class StepProgress(TrainingJob job, IRunObserver observer, TrainingCurveFile curve) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value)
        {
            curve.Append(value);
            observer.Report(new PhaseProgress(job.Domain, job.Generation, RunPhase.Train, value.Step, value.Steps, value.Tokens, Loss: value.Loss));
        }
    }
}
