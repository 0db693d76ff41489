using Outerloop.Model.Decoder;

namespace Outerloop.Model.Sampling;

/// <summary>
/// The requests of one caller's sequence that are still to be begun. The sequence is read as the workers need it, by one
/// thread at a time.
/// </summary>
internal sealed class RequestQueue(IEnumerable<SampleRequest> requests, ISampleSink sink, ModelConfig config, int maxGroup)
    : IRequestSource, IDisposable
{
    private readonly Lock _lock = new();
    private readonly IEnumerator<SampleRequest> _requests = requests.GetEnumerator();
    private SampleRequest? _next;
    private bool _ended;

    public bool TryTakeGroup(Queue<PendingSample> target)
    {
        lock (_lock)
        {
            if (Peek() is not { } first)
                return false;
            for (int taken = 0; taken < maxGroup && Peek() is { } next && next.SamePrompt(first); taken++)
            {
                target.Enqueue(new PendingSample(next, sink));
                _next = null;
            }

            return true;
        }
    }

    /// <summary>What the sequence still has is there at once.</summary>
    public bool Wait(CancellationToken cancellation)
    {
        lock (_lock)
            return Peek() is not null;
    }

    public void Dispose() => _requests.Dispose();

    private SampleRequest? Peek()
    {
        if (_next is null && !_ended)
        {
            _ended = !_requests.MoveNext();
            _next = _ended ? null : SampleRequest.Validated(_requests.Current, config);
        }

        return _next;
    }
}
