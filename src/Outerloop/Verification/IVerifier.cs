using Outerloop.Policies;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Verification;

/// <summary>What is true of an answer, and what the loop is told of it.</summary>
public sealed record Judgement(Outcome Outcome, int PlanSteps = 0, int? FailingStep = null, string? Reason = null, string? Message = null)
{
    private const int LongestMessage = 1000;

    /// <summary>The reason in words. A word that a model wrote may be as long as its answer, and is not repeated in whole.</summary>
    public string? Message { get; init; } = Shortened(Message);

    /// <summary>How much of the goal the plan reaches, in [0, 1].</summary>
    public double GoalShare { get; init; } = Outcome == Outcome.Valid ? 1 : 0;

    /// <summary>Whether the loop is told that the answer is valid: a noisy verifier's word, an exact one's truth.</summary>
    public bool Accepted { get; init; } = Outcome == Outcome.Valid;

    /// <summary>An answer with this said of it.</summary>
    /// <param name="id">What it is called.</param>
    /// <param name="weights">Of the model that wrote it.</param>
    /// <param name="answer">What it wrote.</param>
    public Trace On(TraceId id, string weights, ISampledAnswer answer) => new()
    {
        Id = id,
        BehaviourWeights = weights,
        Tokens = answer.Tokens,
        LogProbs = answer.LogProbs,
        SamplingLogProbs = answer.SamplingLogProbs,
        Text = answer.Text,
        PromptTokens = answer.PromptTokens,
        AnswerTokens = answer.AnswerTokens,
        ReasoningTokens = answer.ReasoningTokens,
        Outcome = Outcome,
        Accepted = Accepted,
        GoalShare = GoalShare,
        PlanSteps = PlanSteps,
        FailingStep = FailingStep,
        Reason = Reason,
        Message = Message,
    };

    private static string? Shortened(string? text)
    {
        if (text is not { Length: > LongestMessage })
            return text;
        return $"{text[..(char.IsHighSurrogate(text[LongestMessage - 1]) ? LongestMessage - 1 : LongestMessage)]}…"; // no half of a character
    }
}

/// <summary>Decides whether an answer solves a task. A verifier that breaks says so; it never calls an answer wrong for it.</summary>
public interface IVerifier
{
    Judgement Judge(PlanningTask task, Completion completion);
}
