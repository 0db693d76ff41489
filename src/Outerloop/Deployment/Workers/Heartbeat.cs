using Outerloop.Storage;

namespace Outerloop.Deployment.Workers;

/// <summary>Extends a worker's leases while it works, and stops the work when it no longer can.</summary>
internal sealed class Heartbeat : IDisposable
{
    private readonly WorkQueue _queue;
    private readonly CancellationTokenSource _stop;
    private readonly ITimer _timer;
    private readonly Lock _beating = new();
    private bool _isOver;

    public Heartbeat(WorkQueue queue, TimeSpan every, TimeProvider clock, CancellationToken cancellation)
    {
        _queue = queue;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _timer = clock.CreateTimer(_ => Beat(), null, every, every);
    }

    /// <summary>When the work is to stop: the caller's word, or a failure.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>Why leases could not be extended; null while they are.</summary>
    public Exception? Failure { get; private set; }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_beating)
            _isOver = true;
        _stop.Dispose();
    }

    private void Beat()
    {
        lock (_beating)
        {
            if (_isOver)
                return;
            try
            {
                _queue.Extend();
            }
            catch (Exception problem) when (problem is OutsideException or InputException)
            {
                Failure = problem;
                _stop.Cancel();
            }
        }
    }
}
