using Outerloop.Policies;
using Outerloop.Traces;
using Outerloop.Verification;

namespace Outerloop.Deployment;

/// <summary>Has a policy's answers judged as they come, and commits each soon after.</summary>
internal sealed class JudgedAnswers(IVerifier verifier, TimeProvider clock)
{
    private const int CommitEvery = 256;

    private static readonly TimeSpan CommitAfter = TimeSpan.FromMilliseconds(250);

    /// <param name="policy">Who answers.</param>
    /// <param name="requests">Taken as the policy comes to them.</param>
    /// <param name="batch">Where the traces go.</param>
    /// <param name="told">Of each answer, once it is judged.</param>
    /// <param name="cancellation">Stops; what is finished is in the batch.</param>
    public async Task Take(
        IPolicy policy, IEnumerable<CompletionRequest> requests, TraceBatch batch, Action<Completion, Judgement> told, CancellationToken cancellation)
    {
        await using var answers = new AnswerStream(policy, requests, clock, cancellation);
        while (await answers.Next(CommitAfter, batch.Count > 0 ? batch.Commit : null))
        {
            Completion completion = answers.Current;
            long before = clock.GetTimestamp();
            Judgement judgement = verifier.Judge(completion.Request.Task, completion);
            batch.Add(ToTrace(policy, completion, judgement), completion, clock.GetElapsedTime(before));
            if (batch.Count >= CommitEvery || batch.Age >= CommitAfter)
                await batch.Commit();
            told(completion, judgement);
        }
    }

    private static Trace ToTrace(IPolicy policy, Completion completion, Judgement judgement) => new()
    {
        Id = completion.Request.Id,
        BehaviourWeights = policy.WeightsHash,
        Tokens = completion.Tokens,
        LogProbs = completion.LogProbs,
        SamplingLogProbs = completion.SamplingLogProbs,
        Text = completion.Text,
        PromptTokens = completion.PromptTokens,
        AnswerTokens = completion.AnswerTokens,
        ReasoningTokens = completion.ReasoningTokens,
        Outcome = judgement.Outcome,
        Accepted = judgement.Accepted,
        GoalShare = judgement.GoalShare,
        PlanSteps = judgement.PlanSteps,
        FailingStep = judgement.FailingStep,
        Reason = judgement.Reason,
        Message = judgement.Message,
    };
}
