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

/// <summary>What a server was asked for an answer.</summary>
/// <param name="Requests">Requests sent, those that failed included.</param>
/// <param name="Retries">Requests sent again after a failure.</param>
/// <param name="PromptTokens">Tokens read, each request's once however many answers it brought.</param>
/// <param name="ServerSeconds">Time between questions and answers, summed over requests.</param>
public readonly record struct Effort(int Requests, int Retries, long PromptTokens, double ServerSeconds);

/// <summary>A model's answer, not yet judged.</summary>
public sealed record Completion : ISampledAnswer
{
    public required CompletionRequest Request { get; init; }

    public required string Text { get; init; }

    public required IReadOnlyList<int> Tokens { get; init; }

    public required IReadOnlyList<float> LogProbs { get; init; }

    public required IReadOnlyList<float> SamplingLogProbs { get; init; }

    public required int PromptTokens { get; init; }

    /// <inheritdoc/>
    public int AnswerTokens { get => Math.Max(field, Tokens.Count); init; }

    /// <inheritdoc/>
    public int ReasoningTokens { get; init; }

    /// <summary>
    /// What a server took to give it; null for the in-process model. Of answers that came with one request, the first has it all.
    /// </summary>
    public Effort? Effort { get; init; }

    /// <summary>Which server gave it, as far as it says: its version and fingerprint.</summary>
    public string? Server { get; init; }

    public required CompletionEnd End { get; init; }

    /// <summary>What went wrong, when <see cref="End"/> is <see cref="CompletionEnd.Failed"/>.</summary>
    public string? Error { get; init; }
}

/// <summary>A model at work: one generation, answering tasks.</summary>
public interface IPolicy : IDisposable
{
    /// <summary>SHA-256 of the weights, so that each trace can say exactly who wrote it; a server's model by its name.</summary>
    string WeightsHash { get; }

    /// <summary>
    /// Answers in any order, each as soon as it is finished. What goes wrong with one answer is in its
    /// <see cref="Completion"/>; an exception means that no answer can be had at all.
    /// </summary>
    /// <param name="requests">Taken as the policy comes to them; they may end early, when a budget is used up.</param>
    /// <param name="cancellation">Stops at once.</param>
    IAsyncEnumerable<Completion> Answer(IEnumerable<CompletionRequest> requests, CancellationToken cancellation);
}
