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
    /// What undoes the last decision: a canary ends; else the generation that answered all before answers all again. To go back is to take
    /// a promotion away, so that going back once more goes further. Null where there is nothing to go back to.
    /// </summary>
    public static int? Before(IReadOnlyList<DeploymentDecision> decisions)
    {
        if (Of(decisions, latest: 0) is { Canary: not null } state)
            return state.Current;
        var promoted = new List<int>();
        foreach (DeploymentDecision decision in decisions.Where((decision, place) => decision.Share >= 1 || place == 0))
        {
            int generation = (int)decision.Generation;
            if (promoted.Count > 1 && promoted[^2] == generation)
                promoted.RemoveAt(promoted.Count - 1);
            else if (promoted.Count == 0 || promoted[^1] != generation)
                promoted.Add(generation);
        }

        return promoted.Count > 1 ? promoted[^2] : null;
    }
}
