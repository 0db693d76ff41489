namespace Outerloop.Model.Sampling;

/// <summary>Requests that arrive at any time, from any thread.</summary>
internal sealed class ArrivingRequests(int maxGroup) : IRequestSource, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<PendingSample> _waiting = [];

    /// <summary>At least one count for each request that no worker has seen; a count too many wakes a worker for nothing.</summary>
    private readonly SemaphoreSlim _arrivals = new(0);

    /// <summary>Requests that no worker has taken.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    public void Add(PendingSample sample)
    {
        lock (_lock)
            _waiting.Enqueue(sample);
        _arrivals.Release();
    }

    public bool TryTakeGroup(Queue<PendingSample> target)
    {
        lock (_lock)
        {
            if (!_waiting.TryPeek(out PendingSample? first))
                return false;
            for (int taken = 0; taken < maxGroup && _waiting.TryPeek(out PendingSample? next) && next.Request.SamePrompt(first.Request); taken++)
                target.Enqueue(_waiting.Dequeue());
            return true;
        }
    }

    public bool Wait(CancellationToken cancellation)
    {
        _arrivals.Wait(cancellation);
        return true;
    }

    public void Dispose() => _arrivals.Dispose();
}
