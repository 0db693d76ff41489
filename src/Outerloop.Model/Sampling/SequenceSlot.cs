using Outerloop.Model.Decoder;

namespace Outerloop.Model.Sampling;

/// <summary>A place in a worker's batch: a cache that stays, and the sequence that uses it now.</summary>
internal sealed class SequenceSlot(ModelConfig config)
{
    /// <summary>New tokens that there is room for from the start; the cache grows for longer ones.</summary>
    private const int ExpectedTrace = 128;

    private readonly List<int> _tokens = [];
    private readonly List<float> _logProbs = [], _samplingLogProbs = [];
    private SplitMix64 _random;
    private int _limit;

    public KeyValueCache Cache { get; } = new(config, capacity: KeyValueCache.TimeBlock);

    /// <summary>The request served now or last: its prompt's keys and values stay in the cache until the next begins.</summary>
    public SampleRequest? Request { get; private set; }

    /// <summary>Position of the token sampled last.</summary>
    public int LastPosition => Request!.Prompt.Length + _tokens.Count - 1;

    public int LastToken => _tokens[^1];

    /// <summary>Whether there is room for another token.</summary>
    public bool IsFull => _tokens.Count >= _limit;

    public bool IsStopped => _tokens.Count > 0 && _tokens[^1] == Request!.StopToken;

    /// <param name="request">The next to serve.</param>
    /// <param name="kept">Positions of the cache that hold the new prompt already.</param>
    public void Begin(SampleRequest request, int kept)
    {
        Request = request;
        _random = new SplitMix64(request.Seed);
        _limit = Math.Min(request.MaxNewTokens, config.MaxPositions - request.Prompt.Length);
        Cache.EnsureCapacity(request.Prompt.Length + Math.Min(_limit, ExpectedTrace), kept);
        _tokens.Clear();
        _logProbs.Clear();
        _samplingLogProbs.Clear();
    }

    /// <summary>Draws the next token; its log-probability at temperature 1 follows by <see cref="Score"/>.</summary>
    public int Draw(TokenChooser chooser, Span<float> logits)
    {
        int token = chooser.Choose(logits, Request!.Temperature, ref _random, out float logProb);
        _tokens.Add(token);
        _samplingLogProbs.Add(logProb);
        return token;
    }

    public void Score(float logProb) => _logProbs.Add(logProb);

    public SampleResult Result() => new(
        Request!.Id, [.. _tokens], [.. _logProbs], [.. _samplingLogProbs], IsStopped ? FinishReason.Stop : FinishReason.Length);
}
