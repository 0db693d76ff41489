using Outerloop.Policies;
using Outerloop.Storage;

namespace Outerloop.Deployment;

/// <summary>What some answers took.</summary>
internal sealed class WorkCost(DeploymentPlan plan)
{
    private readonly Dictionary<Quantity, double> _amounts = [];

    public void Add(Completion completion)
    {
        Add(Quantity.Requests, completion.Effort?.Requests ?? 0);
        Add(Quantity.Retries, completion.Effort?.Retries ?? 0);
        Add(Quantity.Failures, completion.End == CompletionEnd.Failed ? 1 : 0);
        Add(Quantity.PromptTokens, PromptTokens(completion));
        Add(Quantity.AnswerTokens, completion.AnswerTokens);
        Add(Quantity.ServerSeconds, completion.Effort?.ServerSeconds ?? 0);
    }

    public void Add(Quantity quantity, double amount)
    {
        if (amount != 0)
            _amounts[quantity] = _amounts.GetValueOrDefault(quantity) + amount;
    }

    /// <summary>A server reads a prompt once per request; the in-process model once per answer.</summary>
    public static double PromptTokens(Completion completion) =>
        completion.Effort is { } effort ? effort.PromptTokens : completion.PromptTokens;

    public IReadOnlyList<Cost> Sums() =>
        [.. _amounts.Select(amount => new Cost(plan.Domain, plan.Generation, Code.Of(plan.Phase), Code.Of(amount.Key), amount.Value))];
}
