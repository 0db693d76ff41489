using Outerloop.Planning.Domains;
using Outerloop.Policies;

namespace Outerloop.Training.Commands;

/// <summary>
/// The in-process trainer in a process of its own, <c>outerloop train</c>, wherever the host runs that. It tells its steps as
/// lines of JSON, and leaves its result beside the generation. A result that is there already, because nobody was left to take it,
/// is taken if the generation's weights are those that it tells of.
/// </summary>
/// <param name="host">Where it runs.</param>
/// <param name="policies">Who know the weights in a generation's folder.</param>
/// <param name="command">The line for a job.</param>
public sealed class HostedTrainer(ITrainerHost host, IPolicyFactory policies, Func<TrainingJob, ShellCommand> command) : ITrainer
{
    public async Task<TrainingResult> Train(TrainingJob job, IProgress<TrainingStep> progress, CancellationToken cancellation)
    {
        if (Made(job) is { } made)
            return made;
        Directory.CreateDirectory(Path.GetDirectoryName(job.OutputFolder)!);
        TrainerEnd ended = await host.Run(job, command(job), new TrainerLog(progress).Hear, cancellation);
        if (ended.ExitCode != 0)
            throw ended.Failure(job, $"the training ended with {ended.ExitCode}");
        return TrainingResultFile.Read(job.OutputFolder) ?? throw ended.Failure(job, "the training has left no result");
    }

    private TrainingResult? Made(TrainingJob job)
    {
        if (TrainingResultFile.Read(job.OutputFolder) is not { } result)
            return null;
        try
        {
            using IPolicy made = policies.Open(job.OutputFolder, DomainCatalog.Find(job.Domain)!);
            return made.WeightsHash == result.Weights ? result : null;
        }
        catch (InputException)
        {
            return null; // the folder is gone or damaged, and is made again
        }
    }
}
