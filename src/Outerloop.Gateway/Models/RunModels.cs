using Outerloop.Live;
using Outerloop.Policies.Servers;
using Outerloop.Runs;
using Outerloop.Storage;

namespace Outerloop.Gateway.Models;

/// <summary>
/// The generations of a run, also of one that is under way: each under a name that holds the beginning of its hash,
/// <c>RUN-DOMAIN-g3-1a2b3c4d</c>, and as <c>RUN-DOMAIN</c> the one of each domain that answers users (see <see cref="DeploymentState"/>).
/// </summary>
public sealed class RunModels : IModelSource
{
    private readonly string _run;

    /// <exception cref="InputException">There is no run in the folder, or its models are on servers.</exception>
    public RunModels(string run)
    {
        _run = run;
        string policy = RunFolder.SettingsAt(run).Policy;
        if (ServerPolicyFactory.ModelOf(policy) is not null)
            throw new InputException($"{run}: the models of this run are on servers ({policy}); say where with --upstream");
    }

    public async Task<IReadOnlyList<OfferedModel>> List(CancellationToken cancellation)
    {
        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(_run), cancellation);
        var models = new List<OfferedModel>();
        foreach (string domain in RunFolder.SettingsAt(_run).Domains)
        {
            string name = $"{RunFolder.NameOf(_run)}-{domain}";
            OfferedModel[] generations = [.. (await store.Generations(domain)).Select(record => Of(name, domain, record))];
            models.AddRange(generations);
            if (generations.Length > 0)
                models.Add(Alias(name, generations, DeploymentState.Of(await store.Decisions(domain), generations[^1].Generation!.Value.Number)));
        }

        return models;
    }

    private static OfferedModel Alias(string name, OfferedModel[] generations, DeploymentState state)
    {
        OfferedModel Made(int number) => generations.Single(model => model.Generation!.Value.Number == number);
        OfferedModel current = Made(state.Current);
        return current with
        {
            Name = name,
            StandsFor = current.Name,
            Canary = state.Canary is { } canary ? (Made(canary), state.Share) : null,
        };
    }

    private OfferedModel Of(string name, string domain, GenerationRecord record)
    {
        string folder = RunFolder.GenerationOf(_run, domain, record.Number);
        return new OfferedModel($"{name}-g{record.Number}-{record.Weights[..8]}", folder, new DateTimeOffset(Directory.GetLastWriteTimeUtc(folder)))
        {
            Weights = record.Weights,
            Generation = (domain, record.Number),
        };
    }
}
