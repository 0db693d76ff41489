using System.Collections.Immutable;
using Outerloop.Model.Decoder;

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
public sealed record SampleRequest(int Id, int[] Prompt, int MaxNewTokens, float Temperature, ulong Seed, int StopToken)
{
    /// <summary>Which tokens may be drawn.</summary>
    public TokenFilter Filter { get; init; } = TokenFilter.None;

    /// <summary>
    /// Each ends the trace as <see cref="StopToken"/> does, and is its end. Texts that end a trace are the caller's to
    /// find: the same text has many spellings in tokens.
    /// </summary>
    public ImmutableArray<ImmutableArray<int>> StopSequences { get; init; } = [];

    /// <summary>Ends this sequence within a step; its result holds the tokens up to there.</summary>
    public CancellationToken Cancellation { get; init; }

    internal bool SamePrompt(SampleRequest other) =>
        ReferenceEquals(Prompt, other.Prompt) || Prompt.AsSpan().SequenceEqual(other.Prompt);

    /// <exception cref="ArgumentException">A model of this shape cannot serve the request.</exception>
    internal static SampleRequest Validated(SampleRequest request, ModelConfig config) => request.Problem(config) is not { } problem
        ? request
        : throw new ArgumentException($"request {request.Id}: {problem}", nameof(request));

    private string? Problem(ModelConfig config) => this switch
    {
        { Prompt.Length: 0 } => "its prompt is empty",
        { MaxNewTokens: < 0 } => $"MaxNewTokens is {MaxNewTokens}",
        _ when !(Temperature >= 0) || float.IsInfinity(Temperature) => $"temperature {Temperature} is not a number ≥ 0",
        _ when Prompt.Length > config.MaxPositions =>
            $"its prompt has {Prompt.Length} tokens, the model's longest sequence is {config.MaxPositions}",
        _ when Prompt.Any(token => (uint)token >= (uint)config.Vocabulary) =>
            $"token {Prompt.First(token => (uint)token >= (uint)config.Vocabulary)} of its prompt is outside the vocabulary of {config.Vocabulary}",
        _ when StopSequences.Any(sequence => sequence.IsDefaultOrEmpty) => "a stop sequence is empty",
        _ => Filter.Problem,
    };
}

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

    internal static SamplerOptions Validated(SamplerOptions? options)
    {
        options ??= new SamplerOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options));
        return options;
    }
}
