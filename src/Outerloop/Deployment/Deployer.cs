using Outerloop.Policies;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Traces;
using Outerloop.Verification;

namespace Outerloop.Deployment;

/// <summary>
/// Puts a policy to work on tasks: asks for the answers that the store does not have yet, has each judged, and commits
/// it as soon as it is there.
/// </summary>
public sealed class Deployer(RunStore store, IVerifier verifier, RunParts parts)
{
    private const int Attempts = 3;
    private const int CommitEvery = 64;

    private static readonly TimeSpan CommitAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Finishes the wanted work. What failing machinery left undone is tried again, at most three times in all; what
    /// still fails stays in the store under its own outcome.
    /// </summary>
    /// <param name="policy">Made when there is something left to answer.</param>
    /// <param name="plan">What is wanted.</param>
    /// <param name="cancellation">Stops; what is finished is kept.</param>
    /// <exception cref="OutsideException">The budget is used up.</exception>
    public async Task Deploy(Lazy<IPolicy> policy, DeploymentPlan plan, CancellationToken cancellation)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            IReadOnlySet<TraceId> finished = await store.FinishedWork(plan.Domain, plan.Generation);
            List<CompletionRequest> missing = [.. plan.Wanted.Where(request => !finished.Contains(request.Id))];
            if (missing.Count == 0)
                return;
            await using var batch = new TraceBatch(store, plan, parts.Clock);
            await Answer(policy.Value, missing, batch, cancellation);
        }
    }

    private async Task Answer(IPolicy policy, List<CompletionRequest> missing, TraceBatch batch, CancellationToken cancellation)
    {
        var spending = new Spending(parts.Budget, await store.Total(Quantity.PromptTokens), await store.Total(Quantity.AnswerTokens));
        int done = batch.Plan.Wanted.Count - missing.Count, valid = 0;
        long tokens = 0;
        await using var answers = new AnswerStream(policy, missing.TakeWhile(_ => !spending.IsUsedUp), parts.Clock, cancellation);
        while (await answers.Next(CommitAfter, batch.Count > 0 ? batch.Commit : null))
        {
            Completion completion = answers.Current;
            long before = parts.Clock.GetTimestamp();
            Judgement judgement = verifier.Judge(completion.Request.Task, completion);
            batch.Add(ToTrace(policy, completion, judgement), completion, parts.Clock.GetElapsedTime(before));
            spending.Add(WorkCost.PromptTokens(completion), completion.AnswerTokens);
            if (batch.Count >= CommitEvery || batch.Age >= CommitAfter)
                await batch.Commit();
            done++;
            valid += judgement.Outcome == Outcome.Valid ? 1 : 0;
            tokens += completion.AnswerTokens;
            parts.Observer.Report(new PhaseProgress(
                batch.Plan.Domain, batch.Plan.Generation, batch.Plan.Phase, done, batch.Plan.Wanted.Count, tokens, valid));
        }

        if (done < batch.Plan.Wanted.Count && spending.IsUsedUp)
            throw spending.Stop();
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
