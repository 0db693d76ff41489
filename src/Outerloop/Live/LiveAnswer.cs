using Outerloop.Policies;

namespace Outerloop.Live;

/// <summary>Names one of the answers to a user's request.</summary>
/// <param name="Completion">As the user was told it, <c>chatcmpl-…</c>.</param>
/// <param name="Choice">From 0, where the request wanted several.</param>
public readonly record struct AnswerId(string Completion, int Choice);

/// <summary>An answer to a user, in whole.</summary>
public sealed record LiveAnswer : ISampledAnswer
{
    public required AnswerId Id { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>The immutable name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the weights that sampled it; of a model on another server, its name.</summary>
    public required string Weights { get; init; }

    public required double Temperature { get; init; }

    /// <summary><c>stop</c> or <c>length</c>; of another server, its word.</summary>
    public required string Finish { get; init; }

    /// <summary>Token ids that the model read; empty where another server keeps them to itself.</summary>
    public required IReadOnlyList<int> Prompt { get; init; }

    /// <summary>What another server was asked; null where <see cref="Prompt"/> says it.</summary>
    public string? Question { get; init; }

    public required string Text { get; init; }

    /// <inheritdoc/>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <inheritdoc/>
    public required IReadOnlyList<float> LogProbs { get; init; }

    /// <inheritdoc/>
    public required IReadOnlyList<float> SamplingLogProbs { get; init; }

    /// <inheritdoc/>
    public int PromptTokens { get => Math.Max(field, Prompt.Count); init; }

    /// <inheritdoc/>
    public int AnswerTokens { get => Math.Max(field, Tokens.Count); init; }

    /// <inheritdoc/>
    public int ReasoningTokens { get; init; }

    /// <summary>The name of the API key that it was asked for with; null where the gateway has none. The key itself is nowhere.</summary>
    public string? Key { get; init; }

    /// <summary>The task that it answers, where the model is a generation of the run and the task of its domain.</summary>
    public LiveTask? Task { get; init; }
}

/// <summary>A task that a user put to a generation of the run.</summary>
public sealed record LiveTask(string Domain, int Generation, PosedProblem Problem);
