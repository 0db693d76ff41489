namespace Outerloop.Deployment.Workers;

/// <summary>What a worker process does until it is told to stop: looks after one run, or after all of a database.</summary>
/// <param name="folders">The runs that there are; asked again now and then.</param>
/// <param name="open">Makes the worker of a run.</param>
/// <param name="idle">Ends after so long without anything owed by any run; null for never.</param>
/// <param name="clock">Waits.</param>
public sealed class WorkerShift(
    Func<CancellationToken, Task<IReadOnlyList<string>>> folders, Func<string, CancellationToken, Task<Worker>> open, TimeSpan? idle, TimeProvider clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250), FindEvery = TimeSpan.FromSeconds(5);

    /// <exception cref="OperationCanceledException">It was told to stop; everything that it took is answered or free.</exception>
    public async Task Work(CancellationToken cancellation)
    {
        var workers = new Dictionary<string, Worker>();
        try
        {
            long last = clock.GetTimestamp();
            for (long found = long.MinValue; idle is null || clock.GetElapsedTime(last) < idle;)
            {
                if (found == long.MinValue || clock.GetElapsedTime(found) > FindEvery)
                {
                    await OpenNew(workers, cancellation);
                    found = clock.GetTimestamp();
                }

                bool worked = false;
                foreach (Worker worker in workers.Values)
                    worked |= await worker.Work(cancellation);
                if (worked || workers.Values.Any(worker => worker.IsAnythingOwed()))
                    last = clock.GetTimestamp();
                if (!worked)
                    await Task.Delay(LookEvery, clock, cancellation);
            }
        }
        finally
        {
            foreach (Worker worker in workers.Values)
                await worker.DisposeAsync();
        }
    }

    private async Task OpenNew(Dictionary<string, Worker> workers, CancellationToken cancellation)
    {
        foreach (string folder in await folders(cancellation))
        {
            if (!workers.ContainsKey(folder))
                workers[folder] = await open(folder, cancellation);
        }
    }
}
