namespace Outerloop.Deployment.Workers;

/// <summary>What a worker process does until it is told to stop: looks after one run, or after all of a database.</summary>
/// <param name="folders">The runs that there may be something to do for; asked again now and then.</param>
/// <param name="open">Makes the worker of a run.</param>
/// <param name="idle">Ends after so long without anything owed by any run; null for never.</param>
/// <param name="clock">Waits.</param>
public sealed class WorkerShift(
    Func<CancellationToken, Task<IReadOnlyList<string>>> folders, Func<string, CancellationToken, Task<Worker>> open, TimeSpan? idle, TimeProvider clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250), FindEvery = TimeSpan.FromSeconds(2), KeepOpen = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Seat> _seats = [];

    /// <exception cref="OperationCanceledException">It was told to stop; everything that it took is answered or free.</exception>
    public async Task Work(CancellationToken cancellation)
    {
        try
        {
            long lastOwed = clock.GetTimestamp(), found = lastOwed;
            await OpenNew(cancellation);
            while (idle is null || clock.GetElapsedTime(lastOwed) < idle)
            {
                if (clock.GetElapsedTime(found) > FindEvery)
                {
                    await OpenNew(cancellation);
                    found = clock.GetTimestamp();
                }

                bool worked = false;
                foreach (Seat seat in _seats.Values)
                    worked |= await seat.Worker.Work(cancellation);
                if (await AnythingOwed())
                    lastOwed = clock.GetTimestamp();
                if (!worked)
                    await Task.Delay(LookEvery, clock, cancellation);
            }
        }
        finally
        {
            foreach (Seat seat in _seats.Values)
                await seat.Worker.DisposeAsync();
            _seats.Clear();
        }
    }

    private async Task OpenNew(CancellationToken cancellation)
    {
        foreach (string folder in await folders(cancellation))
        {
            if (!_seats.ContainsKey(folder))
                _seats[folder] = new Seat(await open(folder, cancellation), clock.GetTimestamp());
        }
    }

    /// <summary>Whether any run owes anything; leaves those that have not for a while, which cost connections.</summary>
    private async Task<bool> AnythingOwed()
    {
        bool any = false;
        foreach ((string folder, Seat seat) in _seats.ToArray())
        {
            if (seat.Worker.IsAnythingOwed())
            {
                any = true;
                _seats[folder] = seat with { LastOwed = clock.GetTimestamp() };
            }
            else if (clock.GetElapsedTime(seat.LastOwed) > KeepOpen)
            {
                _seats.Remove(folder);
                await seat.Worker.DisposeAsync();
            }
        }

        return any;
    }

    private sealed record Seat(Worker Worker, long LastOwed);
}
