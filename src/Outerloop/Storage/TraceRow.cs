using System.Runtime.InteropServices;
using System.Text;
using Outerloop.Traces;

namespace Outerloop.Storage;

/// <summary>A row of <c>trace</c>. Arrays are little-endian bytes: 32-bit token ids, 32-bit floats.</summary>
internal sealed record TraceRow : TraceKeyRow
{
    /// <summary>All columns but the tokens, which are most of what a store holds, under the names of the properties.</summary>
    public const string TextColumns =
        """
        domain AS Domain, generation AS Generation, task_set AS TaskSet, number AS Number, mode AS Mode, sample AS Sample,
        weights AS Weights, outcome AS Outcome, accepted AS Accepted, goal_share AS GoalShare, plan_steps AS PlanSteps,
        failing_step AS FailingStep, reason AS Reason, message AS Message, prompt_tokens AS PromptTokens, answer_tokens AS AnswerTokens,
        reasoning_tokens AS ReasoningTokens, answer AS Answer
        """;

    /// <summary>All columns under the names of the properties.</summary>
    public const string Columns = TextColumns + ", tokens AS Tokens, log_probs AS LogProbs, sampling_log_probs AS SamplingLogProbs";

    public TraceRow()
    {
    }

    private TraceRow(TraceId id)
        : base(id)
    {
    }

    public string Weights { get; init; } = "";

    public string Outcome { get; init; } = "";

    public long Accepted { get; init; }

    public double GoalShare { get; init; }

    public long PlanSteps { get; init; }

    public long? FailingStep { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public long PromptTokens { get; init; }

    public long AnswerTokens { get; init; }

    public long ReasoningTokens { get; init; }

    public string Answer { get; init; } = "";

    public byte[] Tokens { get; init; } = [];

    public byte[] LogProbs { get; init; } = [];

    public byte[] SamplingLogProbs { get; init; } = [];

    public static TraceRow Of(Trace trace) => new(trace.Id)
    {
        Weights = trace.BehaviourWeights,
        Outcome = Code.Of(trace.Outcome),
        Accepted = trace.Accepted ? 1 : 0,
        GoalShare = trace.GoalShare,
        PlanSteps = trace.PlanSteps,
        FailingStep = trace.FailingStep,
        Reason = trace.Reason,
        Message = Storable(trace.Message),
        PromptTokens = trace.PromptTokens,
        AnswerTokens = trace.AnswerTokens,
        ReasoningTokens = trace.ReasoningTokens,
        Answer = Storable(trace.Text)!,
        Tokens = Bytes(trace.Tokens),
        LogProbs = Bytes(trace.LogProbs),
        SamplingLogProbs = Bytes(trace.SamplingLogProbs),
    };

    public Trace ToTrace() => new()
    {
        Id = Id,
        BehaviourWeights = Weights,
        Outcome = Code.Outcome(Outcome),
        Accepted = Accepted != 0,
        GoalShare = GoalShare,
        PlanSteps = (int)PlanSteps,
        FailingStep = (int?)FailingStep,
        Reason = Reason,
        Message = Message,
        PromptTokens = (int)PromptTokens,
        AnswerTokens = (int)AnswerTokens,
        ReasoningTokens = (int)ReasoningTokens,
        Text = Answer,
        Tokens = MemoryMarshal.Cast<byte, int>(Tokens).ToArray(),
        LogProbs = MemoryMarshal.Cast<byte, float>(LogProbs).ToArray(),
        SamplingLogProbs = MemoryMarshal.Cast<byte, float>(SamplingLogProbs).ToArray(),
    };

    /// <summary>Text without what a database cannot hold: U+0000, and halves of characters.</summary>
    internal static string? Storable(string? text)
    {
        if (text is null || (!text.Contains('\0', StringComparison.Ordinal) && !text.AsSpan().ContainsAnyInRange('\ud800', '\udfff')))
            return text;
        // The encoder puts U+FFFD in the place of a half.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\ufffd');
    }

    internal static byte[] Bytes<T>(IReadOnlyList<T> values)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(values as T[] ?? [.. values]).ToArray();
}
