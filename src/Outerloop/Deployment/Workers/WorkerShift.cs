namespace Outerloop.Deployment.Workers;

/// <summary>What a worker process does until it is told to stop: looks after one run, or after all of a database.</summary>
/// <param name="folders">The runs that there may be something to do for; asked again now and then.</param>
/// <param name="open">Makes the worker of a run.</param>
/// <param name="faults">Is told of a run that cannot be worked for, which is then left alone for a while; null to end for that.</param>
/// <param name="idle">Ends after so long without anything owed by any run; null for never.</param>
/// <param name="clock">Waits.</param>
public sealed class WorkerShift(
    Func<CancellationToken, Task<IReadOnlyList<string>>> folders, Func<string, CancellationToken, Task<Worker>> open, IProgress<string>? faults, TimeSpan? idle, TimeProvider clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250), FindEvery = TimeSpan.FromSeconds(2), KeepOpen = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Seat> _seats = [];
    private readonly Dictionary<string, long> _leftAlone = [];
    private IReadOnlyList<string> _listed = [];

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
                foreach ((string folder, Seat seat) in _seats.ToArray())
                    await Attend(folder, async () => worked |= await seat.Worker.Work(cancellation));
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
        _listed = await folders(cancellation);
        foreach (string folder in _listed)
        {
            if (!_seats.ContainsKey(folder) && !IsLeftAlone(folder))
                await Attend(folder, async () => _seats[folder] = new Seat(await open(folder, cancellation), clock.GetTimestamp()));
        }
    }

    /// <summary>Whether any run owes anything; leaves those that have not for a while and are not listed, which cost connections.</summary>
    private async Task<bool> AnythingOwed()
    {
        bool any = false;
        foreach ((string folder, Seat seat) in _seats.ToArray())
        {
            await Attend(folder, async () =>
            {
                if (seat.Worker.IsAnythingOwed())
                {
                    any = true;
                    _seats[folder] = seat with { LastOwed = clock.GetTimestamp() };
                }
                else if (clock.GetElapsedTime(seat.LastOwed) > KeepOpen && !_listed.Contains(folder))
                {
                    await Leave(folder);
                }
            });
        }

        return any;
    }

    /// <summary>Does something for one run, whose fault is not that of others.</summary>
    private async Task Attend(string folder, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception problem) when (faults is not null && (problem is InputException or OutsideException))
        {
            faults.Report($"run {folder}: {problem.Message}; left alone for a minute");
            _leftAlone[folder] = clock.GetTimestamp();
            await Leave(folder);
        }
    }

    private bool IsLeftAlone(string folder) => _leftAlone.TryGetValue(folder, out long since) && clock.GetElapsedTime(since) < KeepOpen;

    private async Task Leave(string folder)
    {
        if (_seats.Remove(folder, out Seat? seat))
            await seat.Worker.DisposeAsync();
    }

    private sealed record Seat(Worker Worker, long LastOwed);
}
