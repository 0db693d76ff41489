namespace Outerloop.Cli.Commands.Bench;

/// <summary>How long one piece of work takes.</summary>
/// <param name="Name">The work.</param>
/// <param name="Unit"><c>µs</c> or <c>ms</c>, for one repetition.</param>
/// <param name="Median">The median of all runs.</param>
/// <param name="Best">The best run: other processes only ever add time.</param>
/// <param name="Runs">How many runs were timed.</param>
internal sealed record Measurement(string Name, string Unit, double Median, double Best, int Runs);

/// <summary>Times work, after enough of it that the compiler has settled.</summary>
internal sealed class Stopwatch(TimeProvider clock, CancellationToken cancellation)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(500);

    /// <summary>Microseconds for one repetition, each run timing many.</summary>
    public Measurement Microseconds(string name, int runs, int repetitions, Action work) =>
        Time(name, "µs", runs, time => time.TotalMicroseconds / repetitions, () =>
        {
            for (int i = 0; i < repetitions; i++)
                work();
        });

    public Measurement Milliseconds(string name, int runs, Action work) => Time(name, "ms", runs, time => time.TotalMilliseconds, work);

    private Measurement Time(string name, string unit, int runs, Func<TimeSpan, double> measure, Action work)
    {
        for (long start = clock.GetTimestamp(); clock.GetElapsedTime(start) < WarmUp;)
            work();
        double[] times = new double[runs];
        for (int i = 0; i < runs; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            long start = clock.GetTimestamp();
            work();
            times[i] = measure(clock.GetElapsedTime(start));
        }

        Array.Sort(times);
        return new Measurement(name, unit, Math.Round(times[runs / 2], 3), Math.Round(times[0], 3), runs);
    }
}
