using System.Globalization;
using Outerloop.Storage;
using Outerloop.Training;
using Outerloop.Training.Commands;

namespace Outerloop.Slurm;

/// <summary>
/// Runs a trainer's command as a job of Slurm and waits for its end. A job that a node's failure ended is submitted again; one
/// that this program was waiting for when it ended is found again by its id in the store, or by its name.
/// </summary>
/// <param name="around">Slurm, and who is told what becomes of jobs.</param>
/// <param name="script">What the command stands in.</param>
public sealed class SlurmTraining(SlurmSurroundings around, JobScript script) : ITrainerHost
{
    private const int MostJobs = 6;

    /// <summary>How long Slurm may give no answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>How long a cancelled job is waited for, so that a resumed run does not take it for its own.</summary>
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(60);

    public async Task<TrainerEnd> Run(TrainingJob job, ShellCommand command, Action<string> heard, CancellationToken cancellation)
    {
        IJobLedger ledger = job.Jobs ?? throw new ArgumentException("a job on a cluster wants a ledger", nameof(job));
        string work = string.Create(CultureInfo.InvariantCulture, $"train/{job.Domain}/{job.Generation}");
        for (int jobs = 1; ; jobs++)
        {
            string id = await Begun(job, ledger, work) ?? await Submit(job, ledger, work, command.Line);
            var log = new LogTail(LogOf(job, id), heard);
            JobState state = await Wait(id, log, cancellation);
            await ledger.EndJob(work);
            cancellation.ThrowIfCancellationRequested();
            if (state.End == JobEnd.Completed)
                return new TrainerEnd(0, log.Last, LogOf(job, id));
            if (state.End == JobEnd.Failed || jobs == MostJobs)
                return new TrainerEnd(state.ExitCode is 0 or -1 ? 1 : state.ExitCode, $"{log.Last}\n(job {id}: {state.Name})".Trim(), LogOf(job, id));
            around.Notices.Report($"job {id} ({work}): {state.Name}; submitted again");
        }
    }

    private async Task<string?> Begun(TrainingJob job, IJobLedger ledger, string work)
    {
        string? id = await ledger.Job(work) ?? await around.Cluster.FindLast(await NameOf(job, ledger));
        if (id is not null)
            around.Notices.Report($"job {id} ({work}) was begun before; waiting for it");
        return id;
    }

    private async Task<string> Submit(TrainingJob job, IJobLedger ledger, string work, string line)
    {
        var request = new JobRequest(await NameOf(job, ledger), script.Of(line), LogOf(job, "%j"));
        string id = await around.Cluster.Submit(request, Path.GetFullPath(job.OutputFolder) + ".sbatch");
        await ledger.SetJob(work, id, CancellationToken.None);
        around.Notices.Report($"job {id} ({work}) submitted; its log is {LogOf(job, id)}");
        return id;
    }

    /// <summary>Waits for a job's end, which a cancellation brings about.</summary>
    private async Task<JobState> Wait(string id, LogTail log, CancellationToken cancellation)
    {
        long begun = around.Clock.GetTimestamp(), answered = begun;
        long? cancelled = null;
        while (true)
        {
            JobState? state = await around.Cluster.StateOf(id);
            if (state is not null)
                answered = around.Clock.GetTimestamp();
            else if (around.Clock.GetElapsedTime(answered) > Patience)
                throw new OutsideException($"job {id}: Slurm has given no answer for {Patience.TotalMinutes:0} minutes; go on with --resume, which waits for the job");
            bool isOver = state is { End: not JobEnd.None };
            log.Read(isOver);
            if (isOver)
                return state!;
            if (cancelled is { } since && around.Clock.GetElapsedTime(since) > TimeToEnd)
                return new JobState("CANCELLED");
            if (cancelled is null && cancellation.IsCancellationRequested)
            {
                around.Notices.Report($"job {id}: cancelled; waiting for its end");
                await around.Cluster.Cancel(id);
                cancelled = around.Clock.GetTimestamp();
            }

            TimeSpan pause = cancelled is null ? LookPolitely(around.Clock.GetElapsedTime(begun)) : TimeSpan.FromSeconds(0.5);
            await Task.Delay(pause, around.Clock, cancelled is null ? cancellation : CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Short jobs are looked at often, long ones every five seconds.</summary>
    private static TimeSpan LookPolitely(TimeSpan waited) => TimeSpan.FromSeconds(Math.Clamp(waited.TotalSeconds / 20, 0.2, 5));

    private static string LogOf(TrainingJob job, string id) => $"{Path.GetFullPath(job.OutputFolder)}.{id}.log";

    private static async Task<string> NameOf(TrainingJob job, IJobLedger ledger)
    {
        string run = await ledger.RunId();
        return string.Create(CultureInfo.InvariantCulture, $"outerloop-train-{run}-{job.Domain}-{job.Generation}");
    }
}
