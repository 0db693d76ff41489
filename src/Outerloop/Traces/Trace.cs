using System.Globalization;
using Outerloop.Tasks;

namespace Outerloop.Traces;

/// <summary>How a trace was sampled.</summary>
public enum SampleMode
{
    /// <summary>At the deployment's temperature.</summary>
    Sampled,

    /// <summary>The most probable token at each step.</summary>
    Greedy,

    /// <summary>
    /// At the deployment's temperature, beyond the samples that the run itself wants: what pass@k of a large k is
    /// estimated from. No figure of the run and no curator sees them.
    /// </summary>
    Extra,

    /// <summary>
    /// An answer to a user, sampled as the user wanted. No figure of the run sees it; what makes a generation from live traffic does.
    /// </summary>
    Live,
}

/// <summary>
/// Names a piece of work, and so the trace that it yields: this generation, on this task, for the
/// <paramref name="Sample"/>-th time. Work is resumed by taking the keys that the store has from those that are wanted.
/// </summary>
public readonly record struct TraceId(int Generation, TaskId Task, SampleMode Mode, int Sample)
{
    /// <summary>This trace's own branch of a random stream.</summary>
    internal Random Draw(Seed seed) =>
        seed.Then(Task.Domain).Then(Generation).Then((long)Task.Set).Then(Task.Number).Then((long)Mode).Then(Sample).ToRandom();

    public override string ToString() =>
        $"{Task.Domain}/g{Generation}/{Task.Set.ToString().ToLowerInvariant()}/{Task.Number}/{Mode.ToString().ToLowerInvariant()}/{Sample}";

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <returns>Null if it is something else.</returns>
    public static TraceId? Parse(string text)
    {
        static int? Whole(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
        return text.Split('/') is [var domain, ['g', .. var generation], var set, var task, var mode, var sample]
            && domain.Length > 0 && set.All(char.IsAsciiLetter) && mode.All(char.IsAsciiLetter)
            && Enum.TryParse(set, ignoreCase: true, out TaskSet inSet) && Enum.TryParse(mode, ignoreCase: true, out SampleMode sampled)
            && Whole(generation) is { } made && Whole(task) is { } number && Whole(sample) is { } ordinal
            ? new TraceId(made, new TaskId(domain, inSet, number), sampled, ordinal)
            : null;
    }
}

/// <summary>What a model answered to a task and what the verifier said of it; kept for ever.</summary>
public sealed record Trace
{
    public required TraceId Id { get; init; }

    /// <summary>SHA-256 of the weights that sampled it: the behaviour policy.</summary>
    public required string BehaviourWeights { get; init; }

    /// <summary>Exact token ids of the answer, end token included when the model wrote it; empty where a server keeps them to itself.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>Natural-log probability of each token under the model at temperature 1; empty where a server does not say.</summary>
    public required IReadOnlyList<float> LogProbs { get; init; }

    /// <summary>The same at the temperature of the sampling; what an importance weight divides by. Empty where it is not known.</summary>
    public required IReadOnlyList<float> SamplingLogProbs { get; init; }

    /// <summary>The answer as text.</summary>
    public required string Text { get; init; }

    public required int PromptTokens { get; init; }

    /// <summary>Tokens of the answer, also where <see cref="Tokens"/> is empty.</summary>
    public int AnswerTokens { get => Math.Max(field, Tokens.Count); init; }

    /// <summary>Tokens before the plan; 0 for a model that answers with the plan alone.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary>What is true of it; what every report counts.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>
    /// Whether the loop was told that it is valid: what curators and trainers go by. It differs from the truth under a
    /// noisy verifier alone.
    /// </summary>
    public required bool Accepted { get; init; }

    /// <summary>
    /// How much of the goal the plan reaches, in [0, 1]: the share of the goal's parts that hold where it ends or breaks.
    /// 0 where no plan was read.
    /// </summary>
    public required double GoalShare { get; init; }

    /// <summary>Steps of the plan that was read; 0 when none was.</summary>
    public int PlanSteps { get; init; }

    /// <summary>1-based step that cannot be taken, when that is why the plan is invalid.</summary>
    public int? FailingStep { get; init; }

    /// <summary>Stable code of the reason, <c>precondition</c> for example; null for a valid plan.</summary>
    public string? Reason { get; init; }

    /// <summary>The reason in words.</summary>
    public string? Message { get; init; }
}
