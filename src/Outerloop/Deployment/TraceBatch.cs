using Outerloop.Policies;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Traces;

namespace Outerloop.Deployment;

/// <summary>
/// Traces that wait to be committed together. Whatever ends the deployment, disposing commits what is finished,
/// with what it took.
/// </summary>
internal sealed class TraceBatch(RunStore store, DeploymentPlan plan, TimeProvider clock) : IAsyncDisposable
{
    private readonly List<Trace> _waiting = [];
    private readonly WorkCost _cost = new(plan);
    private WorkMeter _meter = new(clock);
    private TimeSpan _verifying;

    public DeploymentPlan Plan => plan;

    public int Count => _waiting.Count;

    public TimeSpan Age => _meter.Elapsed;

    public void Add(Trace trace, Completion completion, TimeSpan verifying)
    {
        _waiting.Add(trace);
        _cost.Add(completion);
        _verifying += verifying;
    }

    public async Task Commit()
    {
        if (_waiting.Count == 0)
            return;
        TimeSpan elapsed = _meter.Elapsed;
        _cost.Add(Quantity.CpuSeconds, _meter.CpuSeconds);
        _meter = new WorkMeter(clock);
        await store.AddTraces(_waiting, _cost.Take(), CancellationToken.None);
        _waiting.Clear();
        await AddSeconds(plan.Phase, elapsed - _verifying);
        await AddSeconds(plan.Phase == RunPhase.Measure ? plan.Phase : RunPhase.Verify, _verifying);
        _verifying = TimeSpan.Zero;
    }

    public async ValueTask DisposeAsync() => await Commit();

    private Task AddSeconds(RunPhase phase, TimeSpan time) =>
        store.AddSeconds(new PhaseTime(plan.Domain, plan.Generation, Code.Of(phase), time.TotalSeconds), CancellationToken.None);
}
