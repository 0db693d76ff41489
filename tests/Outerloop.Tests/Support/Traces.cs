using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Tests.Support;

/// <summary>Traces to test with.</summary>
internal static class SomeTrace
{
    public static Trace Of(
        int task, int generation = 0, int sample = 0, Outcome outcome = Outcome.Valid, int steps = 4, int reasoning = 0, SampleMode mode = SampleMode.Sampled) => new()
        {
            Id = new TraceId(generation, new TaskId("blocksworld", TaskSet.Pool, task), mode, sample),
            BehaviourWeights = "0123",
            Tokens = [1, 2, 3],
            LogProbs = [-0.5f, -0.25f, -1f],
            SamplingLogProbs = [-0.5f, -0.25f, -1f],
            Text = "pickup b1",
            PromptTokens = 7,
            Outcome = outcome,
            PlanSteps = steps,
            ReasoningTokens = reasoning,
        };
}
