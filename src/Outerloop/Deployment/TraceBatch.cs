using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Traces;

namespace Outerloop.Deployment;

/// <summary>
/// Traces that wait to be committed together. Whatever ends the deployment, disposing commits what is finished,
/// with the time it took.
/// </summary>
internal sealed class TraceBatch(RunStore store, DeploymentPlan plan, TimeProvider clock) : IAsyncDisposable
{
    private readonly List<Trace> _waiting = [];
    private long _since = clock.GetTimestamp();
    private TimeSpan _verifying;

    public DeploymentPlan Plan => plan;

    public int Count => _waiting.Count;

    public TimeSpan Age => clock.GetElapsedTime(_since);

    public void Add(Trace trace, TimeSpan verifying)
    {
        _waiting.Add(trace);
        _verifying += verifying;
    }

    public async Task Commit()
    {
        if (_waiting.Count == 0)
            return;
        await store.AddTraces(_waiting, CancellationToken.None);
        _waiting.Clear();
        TimeSpan elapsed = Age;
        _since = clock.GetTimestamp();
        await AddSeconds(plan.Phase, elapsed - _verifying);
        await AddSeconds(plan.Phase == RunPhase.Measure ? plan.Phase : RunPhase.Verify, _verifying);
        _verifying = TimeSpan.Zero;
    }

    public async ValueTask DisposeAsync() => await Commit();

    private Task AddSeconds(RunPhase phase, TimeSpan time) =>
        store.AddSeconds(new PhaseTime(plan.Domain, plan.Generation, Code.Of(phase), time.TotalSeconds), CancellationToken.None);
}
