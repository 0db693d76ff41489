using System.Threading.Channels;

namespace Outerloop.Model.Sampling;

/// <summary>A request and who waits for it.</summary>
internal sealed record PendingSample(SampleRequest Request, ISampleSink Sink);

/// <summary>Receives a sequence while it is sampled, on a worker's thread.</summary>
internal interface ISampleSink
{
    void Add(SampledToken token);

    void End(SampleResult result);
}

/// <summary>Takes whole results.</summary>
internal sealed class ResultSink(ChannelWriter<SampleResult> results) : ISampleSink
{
    public void Add(SampledToken token)
    {
    }

    public void End(SampleResult result) => results.TryWrite(result);
}

/// <summary>
/// Takes the tokens of one sequence, in bursts: waking a reader for each token costs more than a small model takes to draw it. The
/// first token and the last are never held back, and another only until the first step after <paramref name="hold"/>.
/// </summary>
/// <param name="hold">How long tokens may be held back; null until the sequence ends.</param>
/// <param name="clock">Measures it.</param>
internal sealed class TokenSink(TimeSpan? hold, TimeProvider clock) : ISampleSink
{
    private readonly Channel<SampledToken[]> _bursts =
        Channel.CreateUnbounded<SampledToken[]>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly List<SampledToken> _held = [];
    private long? _told;

    public ChannelReader<SampledToken[]> Bursts => _bursts.Reader;

    public void Add(SampledToken token)
    {
        _held.Add(token);
        if (token.Finish is not null || (hold is { } most && (_told is not { } last || clock.GetElapsedTime(last) >= most)))
            Tell();
    }

    public void End(SampleResult result)
    {
        Tell();
        _bursts.Writer.Complete();
    }

    private void Tell()
    {
        if (_held.Count == 0)
            return;
        _bursts.Writer.TryWrite([.. _held]);
        _held.Clear();
        _told = clock.GetTimestamp();
    }
}

/// <summary>
/// Where workers get their work: in groups of one prompt, so that a prompt's samples meet at one worker. Used by several
/// threads.
/// </summary>
internal interface IRequestSource
{
    /// <summary>Adds the next group, if one is there, to a worker's own queue; does not wait.</summary>
    bool TryTakeGroup(Queue<PendingSample> target);

    /// <summary>Waits until another group may be there; false when none will come.</summary>
    bool Wait(CancellationToken cancellation);
}
