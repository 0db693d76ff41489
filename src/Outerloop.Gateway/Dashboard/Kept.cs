using System.Collections.Concurrent;

namespace Outerloop.Gateway.Dashboard;

/// <summary>
/// Figures that take long, kept as long as their run does not change. Those that come soon are computed when they are asked for;
/// slow ones are told as they were and computed anew behind: a tenth of the time at most while their run goes on, and at once when it rests.
/// </summary>
/// <typeparam name="T">What is computed.</typeparam>
/// <param name="clock">Measures how long it takes.</param>
internal sealed class Kept<T>(TimeProvider clock)
    where T : class
{
    private const int Most = 100;
    private const int RestFactor = 10;
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a run must be as it is for its figures to be its last, for all that can be known.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    /// <summary>How long those wait by whose asking slow figures are computed anew.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Run, string What), Lazy<Task<Entry>>> _entries = [];
    private readonly ConcurrentDictionary<(string Run, string What), Lazy<Task<Entry>>> _renewals = [];

    /// <param name="run">Of which.</param>
    /// <param name="what">All else that it depends on.</param>
    /// <param name="compute">Begun at most once at a time; it goes on if whoever asked goes away.</param>
    public Task<Timed<T>> Get(ShownRun run, string what, Func<Task<T>> compute) => Get([run], what, compute);

    /// <summary>The same of several runs, named in <paramref name="what"/>.</summary>
    public async Task<Timed<T>> Get(IReadOnlyList<ShownRun> runs, string what, Func<Task<T>> compute)
    {
        (string, string) key = (runs[0].Path, what);
        Entry known = await First(key, runs, compute);
        DateTime? stamp = StoreStamp.Of(runs);
        if (known.Stamp is not null && known.Stamp == stamp)
            return known.Value;
        if (known.Took < Soon)
            return (await Renew(key, runs, compute)).Value;
        if (clock.GetElapsedTime(known.Ended) > RestFactor * known.Took || clock.GetUtcNow().UtcDateTime - stamp > Rest)
        {
            Task<Entry> renewal = Renew(key, runs, compute);
            await Task.WhenAny(renewal, Task.Delay(Patience, clock));
            if (renewal.IsCompletedSuccessfully)
                return (await renewal).Value;
        }

        return known.Value with { IsCurrent = false };
    }

    private async Task<Entry> First((string, string) key, IReadOnlyList<ShownRun> runs, Func<Task<T>> compute)
    {
        if (_entries.Count > Most)
            _entries.Clear();
        Lazy<Task<Entry>> first = _entries.GetOrAdd(key, _ => new Lazy<Task<Entry>>(() => Task.Run(() => Compute(runs, compute))));
        try
        {
            return await first.Value;
        }
        catch
        {
            _entries.TryRemove(KeyValuePair.Create(key, first)); // whoever asks next tries again
            throw;
        }
    }

    private async Task<Entry> Renew((string, string) key, IReadOnlyList<ShownRun> runs, Func<Task<T>> compute)
    {
        Lazy<Task<Entry>> renewal = _renewals.GetOrAdd(key, _ => new Lazy<Task<Entry>>(() => Task.Run(() => Compute(runs, compute))));
        try
        {
            Entry renewed = await renewal.Value;
            _entries[key] = new Lazy<Task<Entry>>(Task.FromResult(renewed));
            return renewed;
        }
        finally
        {
            _renewals.TryRemove(KeyValuePair.Create(key, renewal));
        }
    }

    /// <summary>The stamp is of before: what changes meanwhile is seen the next time.</summary>
    private async Task<Entry> Compute(IReadOnlyList<ShownRun> runs, Func<Task<T>> compute)
    {
        DateTime? stamp = StoreStamp.Of(runs);
        long start = clock.GetTimestamp();
        T value = await compute();
        return new Entry(new Timed<T>(value, clock.GetUtcNow()), stamp, clock.GetElapsedTime(start), clock.GetTimestamp());
    }

    private sealed record Entry(Timed<T> Value, DateTime? Stamp, TimeSpan Took, long Ended);
}

/// <summary>Figures and when they were computed.</summary>
internal sealed record Timed<T>(T Figures, DateTimeOffset At)
{
    /// <summary>False if the run has changed since.</summary>
    public bool IsCurrent { get; init; } = true;
}
