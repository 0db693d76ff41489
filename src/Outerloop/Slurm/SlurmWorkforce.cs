using System.Globalization;
using Outerloop.Deployment.Workers;
using Outerloop.Storage;

namespace Outerloop.Slurm;

/// <summary>
/// Workers as tasks of a job array. Those that end before their time, because their nodes failed for example, are submitted
/// again; all are found by their name, also those that an earlier process of this run has submitted.
/// </summary>
/// <param name="count">How many.</param>
/// <param name="script">The batch script of a worker.</param>
/// <param name="folder">For scripts and logs, on a file system that the nodes see.</param>
/// <param name="around">Slurm, and who is told what becomes of the workers.</param>
public sealed class SlurmWorkforce(int count, string script, string folder, SlurmSurroundings around) : IWorkforce
{
    private const int DeathsEach = 3;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private string? _name;
    private int _submitted;
    private long? _looked;

    public async Task Maintain(RunStore store, OwedPart part, CancellationToken cancellation)
    {
        if (_looked is { } looked && around.Clock.GetElapsedTime(looked) < LookEvery)
            return;
        _looked = around.Clock.GetTimestamp();
        _name ??= $"outerloop-workers-{await store.RunId()}";
        if (await around.Cluster.Alive(_name, cancellation) is not { } alive || alive >= count)
            return;
        if (_submitted + count - alive > (1 + DeathsEach) * count)
            throw new OutsideException($"the workers end again and again; what they say is in {folder}");
        await Submit(_name, count - alive);
    }

    public async Task Dismiss()
    {
        if (_name is not null)
            await around.Cluster.CancelNamed(_name);
        (_name, _submitted, _looked) = (null, 0, null);
    }

    private async Task Submit(string name, int copies)
    {
        bool again = _submitted > 0;
        _submitted += copies;
        var request = new JobRequest(name, script, Path.Combine(folder, "%A_%a.log"), copies);
        string id = await around.Cluster.Submit(request, Path.Combine(folder, "worker.sbatch"));
        around.Notices.Report(string.Create(CultureInfo.InvariantCulture, $"job {id}: {copies} {(again ? "workers in place of others that ended" : "workers")}"));
    }
}
