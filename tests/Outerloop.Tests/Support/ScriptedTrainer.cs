using Outerloop.Training;

namespace Outerloop.Tests.Support;

/// <summary>A trainer whose weights are the names of what it was trained on.</summary>
internal sealed class ScriptedTrainer : ITrainer
{
    private const int Steps = 4;

    public static string WeightsIn(string folder) => Path.Combine(folder, "weights");

    /// <summary>What was asked for, in order.</summary>
    public List<TrainingJob> Jobs { get; } = [];

    public Task<TrainingResult> Train(TrainingJob job, IProgress<TrainingStep> progress, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Jobs.Add(job);
        Directory.CreateDirectory(job.OutputFolder);
        for (int step = 1; step <= Steps; step++)
            progress.Report(new TrainingStep(step, Steps, 10 * step, 1.0 / step, 1e-3 / step, step % 2 == 0 ? 1.5 / step : null));
        string weights = string.Join(' ', job.Examples.Select(example => example.Trace.Id));
        File.WriteAllText(WeightsIn(job.OutputFolder), weights);
        return Task.FromResult(new TrainingResult(weights, "base", job.Examples.Count, 10 * job.Examples.Count, 0.5));
    }
}
