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

/// <summary>Takes the tokens of one sequence.</summary>
internal sealed class TokenSink : ISampleSink
{
    private readonly Channel<SampledToken> _tokens =
        Channel.CreateUnbounded<SampledToken>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    public ChannelReader<SampledToken> Tokens => _tokens.Reader;

    public void Add(SampledToken token) => _tokens.Writer.TryWrite(token);

    public void End(SampleResult result) => _tokens.Writer.Complete();
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
