using System.Globalization;
using Outerloop.Deployment.Workers;
using Outerloop.Storage;

namespace Outerloop.Slurm;

/// <summary>
/// Workers as tasks of a job array. Those that end before their time, because their nodes failed for example, are submitted
/// again; an array that an earlier process of this run has submitted is found by its id in the store.
/// </summary>
/// <param name="count">How many.</param>
/// <param name="script">The batch script of a worker.</param>
/// <param name="folder">For scripts and logs, on a file system that the nodes see.</param>
/// <param name="around">Slurm, and who is told what becomes of the workers.</param>
public sealed class SlurmWorkforce(int count, string script, string folder, SlurmSurroundings around) : IWorkforce
{
    private const string Work = "workers";
    private const int DeathsEach = 3;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly List<string> _jobs = [];
    private RunStore? _store;
    private string _name = "";
    private int _submitted;
    private long _looked;

    public async Task Maintain(RunStore store, OwedPart part, CancellationToken cancellation)
    {
        if (_jobs.Count > 0 && around.Clock.GetElapsedTime(_looked) < LookEvery)
            return;
        _looked = around.Clock.GetTimestamp();
        if (_store is null)
            await FindBegun(store);
        if (await around.Cluster.Alive(_jobs) is not { } alive || alive >= count)
            return;
        if (_submitted + count - alive > (1 + DeathsEach) * count)
            throw new OutsideException($"the workers end again and again; what they say is in {folder}");
        await Submit(count - alive);
    }

    public async Task Dismiss()
    {
        await around.Cluster.Cancel(_jobs);
        if (_store is not null)
            await _store.EndJob(Work);
        _jobs.Clear();
        (_store, _submitted) = (null, 0);
    }

    private async Task FindBegun(RunStore store)
    {
        _store = store;
        _name = $"outerloop-workers-{await store.RunId()}";
        string[] known = (await store.Job(Work))?.Split(',') ?? [];
        _jobs.AddRange(known.Union(await around.Cluster.Find(_name)));
    }

    private async Task Submit(int copies)
    {
        bool again = _submitted > 0;
        _submitted += copies;
        var request = new JobRequest(_name, script, Path.Combine(folder, "%A_%a.log"), copies);
        string id = await around.Cluster.Submit(request, Path.Combine(folder, "worker.sbatch"));
        _jobs.Add(id);
        await _store!.SetJob(Work, string.Join(',', _jobs), CancellationToken.None);
        around.Notices.Report(string.Create(CultureInfo.InvariantCulture, $"job {id}: {copies} {(again ? "workers in place of others that ended" : "workers")}"));
    }
}
