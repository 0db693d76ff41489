using System.Collections.Concurrent;

namespace Outerloop.Gateway.Dashboard;

/// <summary>
/// Figures that take long, kept as long as their run does not change. Those that come soon are computed when they are asked for;
/// slow ones are told as they were and computed anew behind: a tenth of the time at most while their run goes on, and at once when it rests.
/// </summary>
/// <typeparam name="T">What is computed.</typeparam>
/// <param name="clock">Measures how long it takes.</param>
/// <param name="file">Where slow ones outlive the program; null for nowhere.</param>
internal sealed class Kept<T>(TimeProvider clock, IKeptFile<T>? file = null)
    where T : class
{
    private const int Most = 100;
    private const int RestFactor = 10;
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a run must be as it is for its figures to be its last, for all that can be known.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    /// <summary>How long those wait by whose asking slow figures are computed anew.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Run, string What), Making> _known = [];
    private readonly ConcurrentDictionary<(string Run, string What), Making> _renewals = [];

    /// <param name="run">Of which.</param>
    /// <param name="what">All else that it depends on.</param>
    /// <param name="compute">Begun at most once at a time; it goes on if whoever asked goes away.</param>
    public Task<Timed<T>> Get(ShownRun run, string what, Func<Task<T>> compute) => Ask([run], what, _ => compute()).There;

    /// <summary>The same, of several runs that are named in <paramref name="what"/>, and with a word on how far it is.</summary>
    public Asked<T> Ask(IReadOnlyList<ShownRun> runs, string what, Func<IProgress<double>, Task<T>> compute)
    {
        if (_known.Count > Most)
            _known.Clear();
        (string, string) key = (runs[0].Path, what);
        Making first = _known.GetOrAdd(key, _ => new Making(clock, async making => file?.Read(runs[0]) ?? await Compute(runs, compute, making)));
        return new Asked<T>(Tell(key, first, runs, compute), first.IsDone ? null : first.Computing);
    }

    private async Task<Timed<T>> Tell((string, string) key, Making first, IReadOnlyList<ShownRun> runs, Func<IProgress<double>, Task<T>> compute)
    {
        KeptFigures<T> known = await Made(_known, key, first);
        StoreStamp? stamp = StoreStamp.Of(runs);
        if (stamp is not null && known.Stamp == stamp.Files)
            return Current(known);
        if (known.Took < Soon)
            return Current(await Renew(key, runs, compute));
        DateTimeOffset now = clock.GetUtcNow();
        if (now - known.At > RestFactor * known.Took || now.UtcDateTime - stamp?.LastChange > Rest)
        {
            Task<KeptFigures<T>> renewal = Renew(key, runs, compute);
            await Task.WhenAny(renewal, Task.Delay(Patience, clock));
            if (renewal.IsCompletedSuccessfully)
                return Current(await renewal);
        }

        return Current(known) with { IsCurrent = stamp is null };
    }

    private static Timed<T> Current(KeptFigures<T> kept) => new(kept.Value, kept.At);

    private async Task<KeptFigures<T>> Renew((string, string) key, IReadOnlyList<ShownRun> runs, Func<IProgress<double>, Task<T>> compute)
    {
        Making renewal = _renewals.GetOrAdd(key, _ => new Making(clock, making => Compute(runs, compute, making)));
        KeptFigures<T> renewed = await Made(_renewals, key, renewal);
        _known[key] = renewal;
        _renewals.TryRemove(KeyValuePair.Create(key, renewal));
        return renewed;
    }

    /// <summary>What failed is forgotten: whoever asks next tries again.</summary>
    private static async Task<KeptFigures<T>> Made(ConcurrentDictionary<(string, string), Making> among, (string, string) key, Making making)
    {
        try
        {
            return await making.Task;
        }
        catch
        {
            among.TryRemove(KeyValuePair.Create(key, making));
            throw;
        }
    }

    /// <summary>The stamp is of before: what changes meanwhile is seen the next time.</summary>
    private async Task<KeptFigures<T>> Compute(IReadOnlyList<ShownRun> runs, Func<IProgress<double>, Task<T>> compute, IProgress<double> progress)
    {
        string? stamp = StoreStamp.Of(runs)?.Files;
        long start = clock.GetTimestamp();
        T value = await compute(progress);
        var kept = new KeptFigures<T>(value, clock.GetUtcNow(), clock.GetElapsedTime(start), stamp);
        if (kept.Took >= Soon)
            file?.Write(runs[0], kept);
        return kept;
    }

    /// <summary>Figures that are computed, or were.</summary>
    private sealed class Making
    {
        private readonly Lazy<Task<KeptFigures<T>>> _task;

        public Making(TimeProvider clock, Func<IProgress<double>, Task<KeptFigures<T>>> make)
        {
            Computing = new Computing(clock);
            _task = new Lazy<Task<KeptFigures<T>>>(() => System.Threading.Tasks.Task.Run(() => make(Computing)));
        }

        public Computing Computing { get; }

        /// <summary>Begun when it is asked for first.</summary>
        public Task<KeptFigures<T>> Task => _task.Value;

        public bool IsDone => Task.IsCompletedSuccessfully;
    }
}
