using System.Globalization;
using Outerloop.Runs;
using Outerloop.Storage;

namespace Outerloop.Live;

/// <summary>Decides which generations of a run answer users. A gateway that serves the run follows by itself.</summary>
public static class Promotion
{
    /// <summary>Has a generation answer all, or a share beside the one that answers all now.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="domain">One of the run's.</param>
    /// <param name="generation">Which generation.</param>
    /// <param name="share">In (0, 1]; below 1 it is a canary.</param>
    /// <param name="decided">When and why.</param>
    /// <param name="cancellation">Before it is begun.</param>
    /// <exception cref="InputException">There is no such generation, or it answers all already.</exception>
    public static async Task<DeploymentState> Promote(
        string run, string domain, int generation, double share, (DateTimeOffset Time, string Reason) decided, CancellationToken cancellation)
    {
        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(run), cancellation);
        IReadOnlyList<GenerationRecord> made = await store.Generations(domain);
        if (made.All(record => record.Number != generation))
            throw new InputException($"--generation: the run has {(made.Count == 0 ? "no generation yet" : $"generations {made[0].Number} to {made[^1].Number}")}, not {generation}");
        DeploymentState now = DeploymentState.Of(await store.Decisions(domain), made[^1].Number);
        if (now == new DeploymentState(generation) && (await store.Decisions(domain)).Count > 0)
            throw new InputException($"--generation: generation {generation} of {domain} answers all already");
        if (share < 1 && now.Current == generation)
            throw new InputException($"--share: generation {generation} of {domain} answers already what another would leave; a canary is another generation");
        await Begin(store, domain, made[^1].Number, decided, cancellation);
        await store.Decide(domain, new DeploymentDecision(generation, share, Seconds(decided.Time), decided.Reason), cancellation);
        return DeploymentState.Of(await store.Decisions(domain), made[^1].Number);
    }

    /// <summary>Ends a canary; else has the generation answer all that did before.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="domain">One of the run's.</param>
    /// <param name="decided">When and why.</param>
    /// <param name="cancellation">Before it is begun.</param>
    /// <exception cref="InputException">There is nothing to go back to.</exception>
    public static async Task<DeploymentState> RollBack(string run, string domain, (DateTimeOffset Time, string Reason) decided, CancellationToken cancellation)
    {
        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(run), cancellation);
        if (DeploymentState.Before(await store.Decisions(domain)) is not { } before)
            throw new InputException($"{run}: nothing was promoted in {domain}, so there is nothing to go back to");
        await store.Decide(domain, new DeploymentDecision(before, 1, Seconds(decided.Time), decided.Reason), cancellation);
        return new DeploymentState(before);
    }

    /// <summary>Puts down which generation answers all, unless something is decided: from then on a new one answers nobody by itself.</summary>
    internal static async Task Begin(RunStore store, string domain, int latest, (DateTimeOffset Time, string Reason) decided, CancellationToken cancellation)
    {
        if ((await store.Decisions(domain)).Count == 0)
            await store.Decide(domain, new DeploymentDecision(latest, 1, Seconds(decided.Time), string.Create(CultureInfo.InvariantCulture, $"the latest before: {decided.Reason}")), cancellation);
    }

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
