namespace Outerloop.Training.Commands;

/// <summary>
/// The in-process trainer in a process of its own, <c>outerloop train</c>, wherever the host runs that. It tells its steps as
/// lines of JSON, and leaves its result beside the generation.
/// </summary>
/// <param name="host">Where it runs.</param>
/// <param name="command">The line for a job.</param>
public sealed class HostedTrainer(ITrainerHost host, Func<TrainingJob, ShellCommand> command) : ITrainer
{
    public async Task<TrainingResult> Train(TrainingJob job, IProgress<TrainingStep> progress, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(job.OutputFolder)!);
        TrainerEnd ended = await host.Run(job, command(job), new TrainerLog(progress).Hear, cancellation);
        if (ended.ExitCode != 0)
            throw ended.Failure(job, $"the training ended with {ended.ExitCode}");
        return TrainingResultFile.Read(job.OutputFolder) ?? throw ended.Failure(job, "the training has left no result");
    }
}
