using System.Collections.Concurrent;

namespace Outerloop.Gateway.Models;

/// <summary>All models on offer; each is opened when it is first asked for and stays so.</summary>
internal sealed class ModelCatalog(IReadOnlyList<IModelSource> sources, int threads, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>For so long an alias may stand for a generation that is no longer the latest.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Name, string Folder), Lazy<Task<LiveModel>>> _open = [];
    private readonly ConcurrentBag<LiveModel> _opened = [];
    private volatile Listing? _listing;

    /// <summary>Answers that wait for a place in their model's batch.</summary>
    public int Waiting => _opened.Sum(model => model.Waiting);

    public async Task<IReadOnlyList<OfferedModel>> List(CancellationToken cancellation)
    {
        var models = new List<OfferedModel>();
        foreach (IModelSource source in sources)
            models.AddRange(await source.List(cancellation));
        _listing = new Listing(models.DistinctBy(model => model.Name).ToDictionary(model => model.Name), clock.GetTimestamp());
        return [.. _listing.Models.Values];
    }

    /// <summary>Null if no model has the name.</summary>
    public async Task<OfferedModel?> Find(string name, CancellationToken cancellation)
    {
        if (_listing is { } known && known.Models.TryGetValue(name, out OfferedModel? model)
            && (model.StandsFor is null || clock.GetElapsedTime(known.Time) < Freshness))
        {
            return model;
        }

        return (await List(cancellation)).FirstOrDefault(one => one.Name == name);
    }

    /// <exception cref="InputException">Its folder has no such model.</exception>
    public async Task<LiveModel> Open(OfferedModel model)
    {
        (string, string) key = (model.StandsFor ?? model.Name, model.Folder); // two may be asking for one name, of which one will get it
        Lazy<Task<LiveModel>> opening = _open.GetOrAdd(key, _ => new Lazy<Task<LiveModel>>(() => Task.Run(() => Opened(model))));
        try
        {
            return await opening.Value;
        }
        catch
        {
            _open.TryRemove(KeyValuePair.Create(key, opening)); // the next request tries again
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<Task<LiveModel>> model in _open.Values)
            await (await model.Value).DisposeAsync();
    }

    private async Task<LiveModel> Opened(OfferedModel model)
    {
        var opened = LiveModel.Open(model.Folder, threads);
        if (model.Weights is null || model.Weights == opened.Weights)
        {
            _opened.Add(opened);
            return opened;
        }

        await opened.DisposeAsync();
        throw new InputException($"{model.Folder}: these are not the weights that the run made (they have the hash {opened.Weights}, the run's have {model.Weights})");
    }

    private sealed record Listing(Dictionary<string, OfferedModel> Models, long Time);
}
