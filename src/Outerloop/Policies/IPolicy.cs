using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Policies;

/// <summary>One answer that is wanted.</summary>
/// <param name="Seed">Drives this answer's sampling alone.</param>
public sealed record CompletionRequest(TraceId Id, PlanningTask Task, double Temperature, int MaxNewTokens, Seed Seed);

/// <summary>Why a model stopped writing.</summary>
public enum CompletionEnd
{
    Finished,
    OutOfTokens,
    Failed,
}

/// <summary>A model's answer, not yet judged.</summary>
public sealed record Completion
{
    public required CompletionRequest Request { get; init; }

    public required string Text { get; init; }

    public required IReadOnlyList<int> Tokens { get; init; }

    public required IReadOnlyList<float> LogProbs { get; init; }

    public required IReadOnlyList<float> SamplingLogProbs { get; init; }

    public required int PromptTokens { get; init; }

    public required CompletionEnd End { get; init; }

    /// <summary>What went wrong, when <see cref="End"/> is <see cref="CompletionEnd.Failed"/>.</summary>
    public string? Error { get; init; }
}

/// <summary>A model at work: one generation, answering tasks.</summary>
public interface IPolicy : IDisposable
{
    /// <summary>SHA-256 of the weights, so that each trace can say exactly who wrote it.</summary>
    string WeightsHash { get; }

    /// <summary>
    /// Answers in any order, each as soon as it is finished. What goes wrong with one answer is in its
    /// <see cref="Completion"/>; an exception means that no answer can be had at all.
    /// </summary>
    IAsyncEnumerable<Completion> Answer(IReadOnlyList<CompletionRequest> requests, CancellationToken cancellation);
}
