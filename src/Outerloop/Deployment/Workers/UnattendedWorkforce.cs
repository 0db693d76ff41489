using Outerloop.Storage;

namespace Outerloop.Deployment.Workers;

/// <summary>Workers that someone starts by hand; says when there are none.</summary>
public sealed class UnattendedWorkforce(TimeProvider clock, IProgress<string> notices) : IWorkforce
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private long? _alone;

    public async Task Maintain(RunStore store, OwedPart part, CancellationToken cancellation)
    {
        if (await store.IsAnyoneAtWork())
        {
            _alone = null;
            return;
        }

        if (_alone is { } since && clock.GetElapsedTime(since) < Patience)
            return;
        notices.Report(_alone is null
            ? "waiting for workers: start them with outerloop worker"
            : $"no worker has been at work for {Patience.TotalMinutes:0} minute; start some with outerloop worker");
        _alone = clock.GetTimestamp();
    }

    public Task Dismiss() => Task.CompletedTask;
}
