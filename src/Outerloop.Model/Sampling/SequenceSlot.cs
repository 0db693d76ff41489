using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Outerloop.Model.Decoder;

namespace Outerloop.Model.Sampling;

/// <summary>A place in a worker's batch: a cache for what follows a prompt, and the sequence that uses it now.</summary>
internal sealed class SequenceSlot(ModelConfig config)
{
    /// <summary>New tokens that there is room for from the start; the cache grows for longer ones.</summary>
    private const int ExpectedTrace = 128;

    private readonly List<int> _tokens = [];
    private readonly List<float> _logProbs = [], _samplingLogProbs = [];
    private ISampleSink? _sink;
    private SplitMix64 _random;
    private int _limit;

    public KeyValueCache Cache { get; } = new(config, capacity: KeyValueCache.TimeBlock);

    /// <summary>The request served now or last.</summary>
    public SampleRequest? Request { get; private set; }

    /// <summary>The prompt served now, once it is read.</summary>
    public SharedPrompt? Prompt { get; private set; }

    /// <summary>Tokens sampled so far.</summary>
    public int Count => _tokens.Count;

    /// <summary>Position of the token sampled last.</summary>
    public int LastPosition => Request!.Prompt.Length + _tokens.Count - 1;

    public int LastToken => _tokens[^1];

    /// <summary>Whether there is room for another token.</summary>
    public bool IsFull => _tokens.Count >= _limit;

    /// <summary>How many tokens at the end are the stop token or a stop sequence.</summary>
    public int StopLength { get; private set; }

    /// <summary>Why the sequence ends here; null while it goes on.</summary>
    public FinishReason? Finish =>
        StopLength > 0 ? FinishReason.Stop
        : IsFull ? FinishReason.Length
        : Request!.Cancellation.IsCancellationRequested ? FinishReason.Cancelled
        : null;

    public void Begin(PendingSample sample)
    {
        SampleRequest request = sample.Request;
        (Request, _sink, StopLength) = (request, sample.Sink, 0);
        _random = new SplitMix64(request.Seed);
        _limit = Math.Min(request.MaxNewTokens, config.MaxPositions - request.Prompt.Length);
        Cache.EnsureCapacity(Math.Min(_limit, ExpectedTrace), used: 0);
        _tokens.Clear();
        _logProbs.Clear();
        _samplingLogProbs.Clear();
    }

    /// <summary>Begins to read a prompt's keys and values.</summary>
    public void Take(SharedPrompt prompt)
    {
        Prompt = prompt;
        prompt.Users++;
    }

    /// <summary>Ceases to read them.</summary>
    public SharedPrompt? Release()
    {
        (SharedPrompt? released, Prompt) = (Prompt, null);
        if (released is not null)
            released.Users--;
        return released;
    }

    /// <summary>Draws the next token; its log-probability at temperature 1 follows by <see cref="Score"/>.</summary>
    public int Draw(TokenChooser chooser, Span<float> logits)
    {
        SampleRequest request = Request!;
        int token = chooser.Choose(logits, request.Temperature, request.Filter, ref _random, out float logProb);
        _tokens.Add(token);
        _samplingLogProbs.Add(logProb);
        StopLength = LengthOfStop(request, CollectionsMarshal.AsSpan(_tokens));
        return token;
    }

    public void Score(float logProb)
    {
        _logProbs.Add(logProb);
        _sink!.Add(new SampledToken(_tokens[^1], logProb, _samplingLogProbs[^1], Finish));
    }

    /// <summary>Hands the result to whoever waits for it.</summary>
    public void End(FinishReason reason) => _sink!.End(
        new SampleResult(Request!.Id, [.. _tokens], [.. _logProbs], [.. _samplingLogProbs], reason) { StopLength = StopLength });

    private static int LengthOfStop(SampleRequest request, ReadOnlySpan<int> tokens)
    {
        if (tokens[^1] == request.StopToken)
            return 1;
        foreach (ImmutableArray<int> stop in request.StopSequences)
        {
            if (tokens.EndsWith(stop.AsSpan()))
                return stop.Length;
        }

        return 0;
    }
}
