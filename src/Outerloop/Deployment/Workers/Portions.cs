namespace Outerloop.Deployment.Workers;

/// <summary>
/// How many answers a worker takes at a time: what it gave in a tenth of a second, so that asking for them costs little and the last of
/// a deployment are spread over all workers. What it has only begun does not count: a model that is slow begins many at once.
/// </summary>
internal sealed class Portions(TimeProvider clock)
{
    private const int Least = 16, Most = 256;

    private static readonly TimeSpan Time = TimeSpan.FromMilliseconds(100);

    private long _since = clock.GetTimestamp();
    private int _given, _size = Least;

    /// <summary>One more answer is given; from any thread.</summary>
    public void Given() => Interlocked.Increment(ref _given);

    /// <summary>The size of the next portion; by one thread at a time.</summary>
    public int Next()
    {
        TimeSpan elapsed = clock.GetElapsedTime(_since);
        if (elapsed >= Time)
        {
            _size = (int)Math.Clamp(Interlocked.Exchange(ref _given, 0) * (Time / elapsed), Least, Most);
            _since = clock.GetTimestamp();
        }

        return _size;
    }
}
