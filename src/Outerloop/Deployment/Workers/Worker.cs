using System.Globalization;
using Outerloop.Planning.Domains;
using Outerloop.Policies;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Traces;
using Outerloop.Verification;

namespace Outerloop.Deployment.Workers;

/// <summary>What a worker is told.</summary>
/// <param name="Name">Which no other worker has.</param>
/// <param name="Lease">How long an answer stays its own without word of it: so long are the answers of a worker that died out of reach.</param>
public sealed record WorkerOptions(string Name, TimeSpan Lease)
{
    /// <summary>A name that no other process on any machine has.</summary>
    public static string NewName() =>
        string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}");
}

/// <summary>
/// Gives answers that a run owes: takes some on a lease, has the generation's model answer, judges and commits them. It may be
/// one of many on as many machines, which see the run's folder under the same path.
/// </summary>
public sealed class Worker : IAsyncDisposable
{
    private readonly RunFolder _folder;
    private readonly RunStore _store;
    private readonly WorkQueue _queue;
    private readonly WorkerOptions _options;
    private readonly RunParts _parts;
    private readonly Dictionary<string, WorkerDomain> _domains = [];

    private Worker(RunFolder folder, RunStore store, WorkQueue queue, RunParts parts, WorkerOptions options)
    {
        _folder = folder;
        _store = store;
        _queue = queue;
        _parts = parts;
        _options = options;
    }

    public static async Task<Worker> Open(RunFolder folder, RunParts parts, WorkerOptions options, CancellationToken cancellation)
    {
        RunStore store = await RunStore.Open(folder.Store, cancellation);
        try
        {
            await folder.RequireOwn(store, cancellation);
            return new Worker(folder, store, await WorkQueue.Open(folder.Store, options.Name, options.Lease, cancellation), parts, options);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether the run owes any answer, be it that of another worker.</summary>
    public bool IsAnythingOwed() => _queue.IsAnythingOwed();

    /// <summary>Answers until there is nothing to be taken. Whatever ends it, what it has taken and not answered is free at once.</summary>
    /// <returns>Whether there was anything.</returns>
    /// <exception cref="InputException">A generation's weights are not those that the run made.</exception>
    public async Task<bool> Work(CancellationToken cancellation)
    {
        if (_queue.Next() is not { } part)
            return false;
        using var heart = new Heartbeat(_queue, _options.Lease / 3, _parts.Clock, cancellation);
        try
        {
            await Answer(part, heart.Stopped);
        }
        catch (OperationCanceledException) when (heart.Failure is { } failure)
        {
            throw new OutsideException(failure.Message, failure);
        }
        finally
        {
            _queue.GiveBack();
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (WorkerDomain domain in _domains.Values)
            domain.Dispose();
        _queue.Dispose();
        await _store.DisposeAsync();
    }

    private async Task Answer(OwedPart part, CancellationToken cancellation)
    {
        WorkerDomain domain = await Of(part.Domain);
        IPolicy policy = await domain.Policy(_store, (int)part.Generation);
        var plan = new DeploymentPlan(part.Domain, (int)part.Generation, Code.Phase(part.Phase), []);
        var progress = new PhaseProgress(plan.Domain, plan.Generation, plan.Phase, 0, 0, 0);
        var portions = new Portions(_parts.Clock);
        await using var batch = new TraceBatch(_store, plan, _parts.Clock, isShared: true);
        await domain.Answers.Take(policy, Take(part, domain, portions, cancellation), batch, Told, cancellation);

        void Told(Completion completion, Judgement judgement)
        {
            portions.Given();
            progress = progress.With(completion, judgement);
            _parts.Observer.Report(progress);
        }
    }

    private IEnumerable<CompletionRequest> Take(OwedPart part, WorkerDomain domain, Portions portions, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested && _queue.Take(part, portions.Next()) is { Count: > 0 } taken)
        {
            foreach (TraceId id in taken)
                yield return DeploymentPlan.Request(id, domain.Tasks[id.Task], _folder.Settings);
        }
    }

    private async Task<WorkerDomain> Of(string name)
    {
        if (!_domains.TryGetValue(name, out WorkerDomain? domain))
            _domains[name] = domain = await WorkerDomain.Read(_folder, _store, DomainCatalog.Find(name)!, _parts);
        return domain;
    }
}
