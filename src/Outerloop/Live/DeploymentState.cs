namespace Outerloop.Live;

/// <summary>A decision about which generation answers users; decisions are only ever added.</summary>
/// <param name="Share">1 if it answers all; less if it answers this share beside the one that answered all before: a canary.</param>
/// <param name="Reason">Who decided and why.</param>
public sealed record DeploymentDecision(long Generation, double Share, double Time, string Reason);

/// <summary>Which generations answer users now.</summary>
/// <param name="Current">Answers all, or what the canary leaves.</param>
/// <param name="Canary">Answers a share; null if none does.</param>
/// <param name="Share">Of the canary, in (0, 1).</param>
public sealed record DeploymentState(int Current, int? Canary = null, double Share = 0)
{
    /// <summary>After all decisions; without any, the latest generation answers all.</summary>
    /// <param name="decisions">In the order in which they were made.</param>
    /// <param name="latest">The latest generation there is.</param>
    public static DeploymentState Of(IEnumerable<DeploymentDecision> decisions, int latest)
    {
        DeploymentState? state = null;
        foreach (DeploymentDecision decision in decisions)
        {
            state = decision.Share < 1 && state is not null
                ? state with { Canary = (int)decision.Generation, Share = decision.Share }
                : new DeploymentState((int)decision.Generation);
        }

        return state ?? new DeploymentState(latest);
    }

    /// <summary>
    /// What undoes the last decision: a canary ends; else the generation that answered all before answers all again. Null where there is none.
    /// </summary>
    public static int? Before(IReadOnlyList<DeploymentDecision> decisions)
    {
        DeploymentState[] states = [.. Enumerable.Range(1, decisions.Count).Select(count => Of(decisions.Take(count), latest: 0))];
        if (states is [.., { Canary: not null } canary])
            return canary.Current;
        return states.Select(state => (int?)state.Current).LastOrDefault(current => current != states[^1].Current);
    }
}
