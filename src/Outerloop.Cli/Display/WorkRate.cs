namespace Outerloop.Cli.Display;

/// <summary>Speed and time left of one piece of work, from its own beginning in this process.</summary>
internal sealed class WorkRate(TimeProvider clock)
{
    private static readonly TimeSpan TooShort = TimeSpan.FromMilliseconds(200);

    private string _title = "";
    private long _start;
    private long _doneAtStart;

    /// <summary>Notes how far the work is. Work that was done before the first call is not this process's.</summary>
    public void Observe(string title, long done)
    {
        if (title == _title)
            return;
        (_title, _start, _doneAtStart) = (title, clock.GetTimestamp(), Math.Max(0, done - 1));
    }

    public string TokensPerSecond(long tokens)
    {
        TimeSpan elapsed = clock.GetElapsedTime(_start);
        if (tokens == 0 || elapsed < TooShort)
            return "";
        double rate = tokens / elapsed.TotalSeconds;
        return rate >= 10_000 ? $"{rate / 1000:0}k tokens/s" : rate >= 1000 ? $"{rate / 1000:0.0}k tokens/s" : $"{rate:0} tokens/s";
    }

    public string TimeLeft(long done, long total)
    {
        TimeSpan elapsed = clock.GetElapsedTime(_start);
        if (done <= _doneAtStart || elapsed < TooShort)
            return "";
        TimeSpan left = elapsed * ((double)(total - done) / (done - _doneAtStart));
        return left.TotalHours >= 1 ? $"{left:h\\:mm\\:ss} left" : $"{left:m\\:ss} left";
    }
}
