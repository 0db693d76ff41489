using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Tests.Support;

/// <summary>Traces to test with.</summary>
internal static class SomeTrace
{
    public static Trace Of(
        int task, int generation = 0, int sample = 0, Outcome outcome = Outcome.Valid, int steps = 4, int reasoning = 0, string text = "pickup b1", int tokens = 3, SampleMode mode = SampleMode.Sampled) => new()
        {
            Id = new TraceId(generation, new TaskId("blocksworld", TaskSet.Pool, task), mode, sample),
            BehaviourWeights = "0123",
            Tokens = [.. Enumerable.Range(1, tokens)],
            LogProbs = [.. Enumerable.Repeat(-0.5f, tokens)],
            SamplingLogProbs = [.. Enumerable.Repeat(-0.5f, tokens)],
            Text = text,
            PromptTokens = 7,
            AnswerTokens = tokens,
            Outcome = outcome,
            Accepted = outcome == Outcome.Valid,
            GoalShare = outcome == Outcome.Valid ? 1 : 0,
            PlanSteps = steps,
            ReasoningTokens = reasoning,
        };
}
