using Outerloop.Configuration;
using Outerloop.Planning.Domains;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Reward;

/// <summary>Reads from a run's store what its curator was shown and what it kept, generation by generation.</summary>
public static class RunReward
{
    /// <param name="path">The run's folder.</param>
    /// <param name="domain">Null for the run's first.</param>
    /// <param name="cancellation">Looked at between generations.</param>
    /// <exception cref="InputException">There is no such run or domain, or no generation was trained yet.</exception>
    public static async Task<RewardReport> Estimate(string path, string? domain, CancellationToken cancellation)
    {
        RunSettings settings = RunFolder.SettingsAt(path);
        string name = RunFolder.DomainOf(path, settings, domain);
        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(path), cancellation);
        IReadOnlyList<Choosing> choices = await Choices(store, name, cancellation);
        return choices.Count > 0
            ? new RewardReport(path, name, settings.Curator, [.. choices], ImplicitReward.DriftOf(choices))
            : throw new InputException($"{path}: nothing was curated for {name} yet");
    }

    /// <summary>What was chosen for each generation so far.</summary>
    public static async Task<IReadOnlyList<Choosing>> Choices(RunStore store, string domain, CancellationToken cancellation)
    {
        string[] actions = ActionsOf(domain);
        var shown = new ShownTraces(actions);
        IEnumerable<ShownTrace> traces = (await store.Outlines(domain, TaskSet.Pool, 0, int.MaxValue)).Select(shown.Of);
        return [.. Choices([.. traces], await store.Curated(domain), actions, cancellation)];
    }

    /// <param name="shown">The run's own traces on the pool.</param>
    /// <param name="kept">What each generation was trained on.</param>
    /// <param name="actions">The domain's.</param>
    /// <param name="cancellation">Looked at between generations.</param>
    internal static IEnumerable<Choosing> Choices(
        IReadOnlyCollection<ShownTrace> shown, ILookup<int, TraceId> kept, IReadOnlyList<string> actions, CancellationToken cancellation)
    {
        foreach (int generation in kept.Select(group => group.Key).Order())
        {
            cancellation.ThrowIfCancellationRequested();
            List<Offer> offers = Offer.Of(shown.Where(trace => trace.Id.Generation < generation), kept[generation].ToHashSet());
            yield return ImplicitReward.Of(generation, offers, actions);
        }
    }

    internal static string[] ActionsOf(string domain) => [.. DomainCatalog.Find(domain)!.Domain.Actions.Select(action => action.Name)];
}
