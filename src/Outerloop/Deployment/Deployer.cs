using Outerloop.Deployment.Workers;
using Outerloop.Policies;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Traces;
using Outerloop.Verification;

namespace Outerloop.Deployment;

/// <summary>
/// Puts a policy to work on tasks: asks for the answers that the store does not have yet, has each judged, and commits
/// it as soon as it is there. Where the run has workers, they do it.
/// </summary>
public sealed class Deployer(RunStore store, IVerifier verifier, RunParts parts)
{
    private const int Attempts = 3;

    private readonly JudgedAnswers _answers = new(verifier, parts.Clock);

    /// <summary>Finishes several plans of one generation, one after the other.</summary>
    /// <param name="open">The generation at work; called at most once, when there is something left to answer here.</param>
    /// <param name="plans">What is wanted.</param>
    /// <param name="cancellation">Stops; what is finished is kept.</param>
    public async Task Deploy(Func<IPolicy> open, IEnumerable<DeploymentPlan> plans, CancellationToken cancellation)
    {
        Lazy<IPolicy> policy = new(open);
        try
        {
            foreach (DeploymentPlan plan in plans)
                await Deploy(policy, plan, cancellation);
        }
        finally
        {
            if (policy.IsValueCreated)
                policy.Value.Dispose();
            if (parts.Workforce is { } workforce)
                await workforce.Dismiss();
        }
    }

    /// <summary>
    /// Finishes the wanted work. What failing machinery left undone is tried again, at most three times in all; what
    /// still fails stays in the store under its own outcome.
    /// </summary>
    /// <param name="policy">Made when there is something left to answer here.</param>
    /// <param name="plan">What is wanted.</param>
    /// <param name="cancellation">Stops; what is finished is kept.</param>
    /// <exception cref="OutsideException">The budget is used up, or the workers have ended.</exception>
    public async Task Deploy(Lazy<IPolicy> policy, DeploymentPlan plan, CancellationToken cancellation)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            IReadOnlySet<TraceId> finished = await store.FinishedWork(plan.Domain, plan.Generation);
            List<CompletionRequest> missing = [.. plan.Wanted.Where(request => !finished.Contains(request.Id))];
            if (missing.Count == 0)
                return;
            if (parts.Workforce is { } workforce)
                await new OwedDeployment(store, workforce, parts).Finish(plan, missing, cancellation);
            else
                await AnswerHere(policy.Value, plan, missing, cancellation);
        }
    }

    private async Task AnswerHere(IPolicy policy, DeploymentPlan plan, List<CompletionRequest> missing, CancellationToken cancellation)
    {
        await store.Withdraw(plan.Domain, plan.Generation, cancellation); // left by a coordinator that had workers
        var spending = new Spending(parts.Budget, await store.Total(Quantity.PromptTokens), await store.Total(Quantity.AnswerTokens));
        var progress = new PhaseProgress(plan.Domain, plan.Generation, plan.Phase, plan.Wanted.Count - missing.Count, plan.Wanted.Count, 0);
        await using var batch = new TraceBatch(store, plan, parts.Clock, isShared: false);
        await _answers.Take(policy, missing.TakeWhile(_ => !spending.IsUsedUp), batch, Told, cancellation);
        if (progress.Done < progress.Total && spending.IsUsedUp)
            throw spending.Stop();

        void Told(Completion completion, Judgement judgement)
        {
            spending.Add(WorkCost.PromptTokens(completion), completion.AnswerTokens);
            progress = progress.With(completion, judgement);
            parts.Observer.Report(progress);
        }
    }
}
