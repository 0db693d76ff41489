namespace Outerloop.Model.Sampling;

/// <summary>One sequence to sample.</summary>
/// <param name="Id">The caller's; results come in any order.</param>
/// <param name="Prompt">At least one token id. Requests of one prompt share its prefill when they follow each other.</param>
/// <param name="MaxNewTokens">Longest trace, in tokens.</param>
/// <param name="Temperature">Divides the logits; 0 takes the most probable token, the lowest id where several are.</param>
/// <param name="Seed">
/// Of the request's own random stream, of which each token takes one number: the sample depends on this request and the
/// weights alone, never on what is sampled beside it.
/// </param>
/// <param name="StopToken">Ends the trace, of which it is the last token; negative for none.</param>
public sealed record SampleRequest(int Id, int[] Prompt, int MaxNewTokens, float Temperature, ulong Seed, int StopToken);

/// <summary>Why a trace ends.</summary>
public enum FinishReason
{
    /// <summary>The model gave the stop token.</summary>
    Stop,

    /// <summary>The request's token limit or the model's longest sequence was reached.</summary>
    Length,
}

/// <summary>One sampled trace.</summary>
/// <param name="Id">The request's.</param>
/// <param name="Tokens">The trace without its prompt; ends with the stop token where <paramref name="Finish"/> says so.</param>
/// <param name="LogProbs">ln p of each token under the model, that is, at temperature 1.</param>
/// <param name="SamplingLogProbs">ln p of each token in the distribution that it was drawn from; 0 when greedy.</param>
/// <param name="Finish">Why the trace ends.</param>
public sealed record SampleResult(int Id, int[] Tokens, float[] LogProbs, float[] SamplingLogProbs, FinishReason Finish);

/// <summary>How the work is spread; no choice here changes a sample.</summary>
public sealed record SamplerOptions
{
    /// <summary>Worker threads, each with sequences of its own.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Sequences that one worker advances together. A step reads the keys and values of all of them, so that beyond what
    /// the cache nearest to the core holds more is slower.
    /// </summary>
    public int BatchSize { get; init; } = 16;
}
