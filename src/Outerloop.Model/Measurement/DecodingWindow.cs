using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Outerloop.Model.Sampling;

namespace Outerloop.Model.Measurement;

/// <summary>
/// The time in which a full batch draws its tokens together: from when every sequence has its first token, which its prompt
/// gives, until the first of them ends. Workers that have read their prompts early wait for the others.
/// </summary>
internal sealed class DecodingWindow : IRequestSource, IDisposable
{
    private readonly Func<TimeSpan> _now;
    private readonly ConcurrentQueue<PendingSample> _samples;
    private readonly ManualResetEventSlim _begun = new();
    private readonly CancellationTokenSource _stop;
    private readonly Lock _lock = new();
    private int _reading;
    private TimeSpan _start, _end;
    private bool _ended;
    private Exception? _failure;

    /// <param name="requests">As many as there are places; each of at least three tokens, since a worker that waits does not count its second.</param>
    /// <param name="now">The clock.</param>
    /// <param name="cancellation">Ends it.</param>
    public DecodingWindow(IReadOnlyCollection<SampleRequest> requests, Func<TimeSpan> now, CancellationToken cancellation)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _now = now;
        _reading = requests.Count;
        _samples = new ConcurrentQueue<PendingSample>(requests.Select(request => new PendingSample(request, new Sink(this))));
    }

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed => _end - _start;

    /// <summary>Tokens drawn in it.</summary>
    public int Tokens { get; private set; }

    public bool TryTakeGroup(Queue<PendingSample> target)
    {
        if (!_samples.TryDequeue(out PendingSample? sample))
            return false;
        target.Enqueue(sample);
        return true;
    }

    public bool Wait(CancellationToken cancellation) => !_samples.IsEmpty;

    /// <summary>Samples all requests.</summary>
    public void Run(SamplingModel model, SamplerOptions spread)
    {
        SamplingWorker.Start(model, this, spread, Fail, _stop.Token).GetAwaiter().GetResult();
        if (_failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _begun.Dispose();
    }

    private void Fail(Exception failure)
    {
        Interlocked.CompareExchange(ref _failure, failure, null);
        _stop.Cancel();
    }

    private void First()
    {
        lock (_lock)
        {
            if (--_reading > 0)
                return;
            _start = _now();
        }

        _begun.Set();
    }

    private void Next(SampledToken token)
    {
        if (!_begun.IsSet)
        {
            _begun.Wait(_stop.Token); // what was computed before the window does not count
            return;
        }

        lock (_lock)
        {
            if (_ended)
                return;
            Tokens++;
            if (token.Finish is not null)
                (_ended, _end) = (true, _now());
        }
    }

    private sealed class Sink(DecodingWindow window) : ISampleSink
    {
        private bool _begun;

        public void Add(SampledToken token)
        {
            if (_begun)
                window.Next(token);
            else
                window.First();
            _begun = true;
        }

        public void End(SampleResult result)
        {
        }
    }
}
