namespace Outerloop.Model.Measurement;

/// <summary>
/// Times repeated work. Work of one thread is timed by the processor time of the process, which other processes of a shared
/// machine cannot stretch; work of several by the clock.
/// </summary>
public sealed class WorkTimer(TimeProvider clock, int threads, CancellationToken cancellationToken)
{
    /// <summary>Shorter times than this are not told exactly enough: such work is timed many times over.</summary>
    private static readonly TimeSpan ShortestRun = TimeSpan.FromMilliseconds(20);

    /// <summary>Ends what is measured.</summary>
    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Whether times are of the processor, not of the clock.</summary>
    public bool IsProcessorTime => threads == 1;

    /// <summary>Told after each timed run how many there were and how many there will be.</summary>
    public Action<int, int>? Ran { get; set; }

    /// <summary>
    /// Times work that calls back after each of its steps; the first step is not counted. Seconds of each step, shortest first.
    /// </summary>
    public double[] Laps(Action<Action> work)
    {
        var seconds = new List<double>();
        TimeSpan? last = null;
        work(() =>
        {
            CancellationToken.ThrowIfCancellationRequested();
            TimeSpan now = Now();
            if (last is { } start)
                seconds.Add((now - start).TotalSeconds);
            last = now;
        });
        seconds.Sort();
        return [.. seconds];
    }

    /// <summary>
    /// Runs for the compiler and the caches, then <paramref name="runs"/> times; seconds of each run, shortest first. A run of
    /// short work is the mean of several.
    /// </summary>
    public double[] Seconds(int runs, Action work) => Means(runs, times => Elapsed(work, times));

    /// <summary>The same of work that tells how long the part took that is to be measured.</summary>
    public double[] Seconds(int runs, Func<TimeSpan> work) => Means(runs, times => AtLeastATick(Sum(work, times)));

    public TimeSpan Now() => IsProcessorTime ? Environment.CpuUsage.TotalTime : clock.GetElapsedTime(0);

    private double[] Means(int runs, Func<int, TimeSpan> repeated)
    {
        repeated(1);
        int times = Math.Max(1, (int)(ShortestRun / repeated(1)));
        double[] seconds = new double[runs];
        for (int run = 0; run < runs; run++)
        {
            CancellationToken.ThrowIfCancellationRequested();
            seconds[run] = repeated(times).TotalSeconds / times;
            Ran?.Invoke(run + 1, runs);
        }

        Array.Sort(seconds);
        return seconds;
    }

    private TimeSpan Elapsed(Action work, int times)
    {
        TimeSpan start = Now();
        for (int i = 0; i < times; i++)
            work();
        return AtLeastATick(Now() - start);
    }

    private static TimeSpan Sum(Func<TimeSpan> work, int times)
    {
        TimeSpan sum = TimeSpan.Zero;
        for (int i = 0; i < times; i++)
            sum += work();
        return sum;
    }

    private static TimeSpan AtLeastATick(TimeSpan elapsed) => elapsed > TimeSpan.Zero ? elapsed : TimeSpan.FromMicroseconds(1);
}
