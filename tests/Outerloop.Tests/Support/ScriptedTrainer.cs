using Outerloop.Training;

namespace Outerloop.Tests.Support;

/// <summary>A trainer whose weights are the names of what it was trained on.</summary>
internal sealed class ScriptedTrainer : ITrainer
{
    public static string WeightsIn(string folder) => Path.Combine(folder, "weights");

    /// <summary>What was asked for, in order.</summary>
    public List<TrainingJob> Jobs { get; } = [];

    public Task<TrainingResult> Train(TrainingJob job, IProgress<TrainingStep> progress, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Jobs.Add(job);
        Directory.CreateDirectory(job.OutputFolder);
        string weights = string.Join(' ', job.Examples.Select(example => example.Trace.Id));
        File.WriteAllText(WeightsIn(job.OutputFolder), weights);
        return Task.FromResult(new TrainingResult(weights, "base", job.Examples.Count, 10 * job.Examples.Count, 0.5));
    }
}
