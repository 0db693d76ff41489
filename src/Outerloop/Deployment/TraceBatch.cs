using Outerloop.Policies;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Traces;

namespace Outerloop.Deployment;

/// <summary>
/// Traces that wait to be committed together. Whatever ends the deployment, disposing commits what is finished,
/// with what it took.
/// </summary>
/// <param name="store">Of the run.</param>
/// <param name="plan">What is deployed.</param>
/// <param name="clock">Measures the work.</param>
/// <param name="isShared">
/// Whether other workers are at the same plan: then a trace may have come too late, and how long the phase takes is for others to say.
/// </param>
internal sealed class TraceBatch(RunStore store, DeploymentPlan plan, TimeProvider clock, bool isShared) : IAsyncDisposable
{
    private readonly List<(Trace Trace, Completion Completion)> _waiting = [];
    private readonly HashSet<string> _servers = new(StringComparer.Ordinal);
    private WorkMeter _meter = new(clock);
    private TimeSpan _verifying;

    public DeploymentPlan Plan => plan;

    public int Count => _waiting.Count;

    public TimeSpan Age => _meter.Elapsed;

    public void Add(Trace trace, Completion completion, TimeSpan verifying)
    {
        _waiting.Add((trace, completion));
        _verifying += verifying;
    }

    public async Task Commit()
    {
        if (_waiting.Count == 0)
            return;
        TimeSpan elapsed = _meter.Elapsed;
        double cpu = _meter.CpuSeconds;
        _meter = new WorkMeter(clock);
        if (isShared)
            await store.AddOwedTraces([.. _waiting.Select(done => done.Trace)], kept => CostsOf(_waiting.Where(done => kept.Contains(done.Trace.Id)), cpu), CancellationToken.None);
        else
            await store.AddTraces([.. _waiting.Select(done => done.Trace)], CostsOf(_waiting, cpu), CancellationToken.None);
        string[] servers = [.. _waiting.Select(done => done.Completion.Server).OfType<string>().Distinct().Where(server => !_servers.Contains(server))];
        _waiting.Clear(); // before anything else can fail: what is committed must not be counted again
        foreach (string server in servers)
        {
            await store.AddServer(server, CancellationToken.None);
            _servers.Add(server);
        }

        if (!isShared)
            await AddSeconds(plan.Phase, plan.Phase == RunPhase.Measure ? elapsed : elapsed - _verifying);
        if (plan.Phase != RunPhase.Measure) // which has no phase of its own for that
            await AddSeconds(RunPhase.Verify, _verifying);
        _verifying = TimeSpan.Zero;
    }

    public async ValueTask DisposeAsync() => await Commit();

    private IReadOnlyCollection<Cost> CostsOf(IEnumerable<(Trace Trace, Completion Completion)> work, double cpuSeconds)
    {
        var cost = new WorkCost(plan);
        foreach ((_, Completion completion) in work)
            cost.Add(completion);
        cost.Add(Quantity.CpuSeconds, cpuSeconds);
        return cost.Sums();
    }

    private Task AddSeconds(RunPhase phase, TimeSpan time) =>
        store.AddSeconds(new PhaseTime(plan.Domain, plan.Generation, Code.Of(phase), time.TotalSeconds), CancellationToken.None);
}
