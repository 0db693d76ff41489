using Outerloop.Policies;
using Outerloop.Runs;
using Outerloop.Storage;

namespace Outerloop.Deployment.Workers;

/// <summary>A deployment that workers do: says what is owed, and waits until nothing is.</summary>
internal sealed class OwedDeployment(RunStore store, IWorkforce workforce, RunParts parts)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Progress counts all that is owed, and all traces of the generation, of which there may be many.</summary>
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1);

    /// <exception cref="OutsideException">The budget is used up, or the workers have ended.</exception>
    public async Task Finish(DeploymentPlan plan, IReadOnlyCollection<CompletionRequest> missing, CancellationToken cancellation)
    {
        var part = new OwedPart(plan.Domain, plan.Generation, Code.Of(plan.Phase));
        await store.Owe(part, missing.Select(request => request.Id), cancellation);
        var meter = new WorkMeter(parts.Clock);
        try
        {
            await Wait(part, plan, cancellation);
        }
        finally
        {
            await store.AddSeconds(new PhaseTime(part.Domain, part.Generation, part.Phase, meter.Elapsed.TotalSeconds), CancellationToken.None);
        }
    }

    private async Task Wait(OwedPart part, DeploymentPlan plan, CancellationToken cancellation)
    {
        Spending? exceeded = null;
        long told = 0;
        double before = await store.Total(Quantity.AnswerTokens);
        int validBefore = await store.Valid(plan.Domain, plan.Generation);
        while (await store.Owes(part))
        {
            var spending = new Spending(parts.Budget, await store.Total(Quantity.PromptTokens), await store.Total(Quantity.AnswerTokens));
            exceeded = spending.IsUsedUp ? spending : null;
            if (exceeded is null)
                await workforce.Maintain(store, part, cancellation);
            else
                await store.Withdraw(plan.Domain, plan.Generation, cancellation);
            if (told == 0 || parts.Clock.GetElapsedTime(told) > TellEvery)
            {
                await Tell(plan, await store.Owed(part), before, validBefore);
                told = parts.Clock.GetTimestamp();
            }

            await Task.Delay(LookEvery, parts.Clock, cancellation);
        }

        if (exceeded is not null)
            throw exceeded.Stop();
        await Tell(plan, 0, before, validBefore);
    }

    private async Task Tell(DeploymentPlan plan, long owed, double tokensBefore, int validBefore)
    {
        double tokens = await store.Total(Quantity.AnswerTokens) - tokensBefore;
        int valid = await store.Valid(plan.Domain, plan.Generation) - validBefore;
        parts.Observer.Report(new PhaseProgress(plan.Domain, plan.Generation, plan.Phase, plan.Wanted.Count - (int)owed, plan.Wanted.Count, (long)tokens, valid));
    }
}
