namespace Outerloop.Gateway.Models;

/// <summary>
/// All models on offer. Each is opened when it is first asked for, and stays so as long as it answers users, is asked for, or is one that
/// the gateway began with: a generation that another took the place of is closed once nobody has asked for it for some minutes.
/// </summary>
internal sealed class ModelCatalog(IReadOnlyList<IModelSource> sources, int threads, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>For so long an alias may stand for a generation that is no longer the latest.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    /// <summary>To open a model again takes a while: those who ask from time to time are not to wait for it each time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Name, string Folder), OpenModel> _open = [];

    /// <summary>A name never changes its meaning, also where its model was closed between.</summary>
    private readonly Dictionary<(string Name, string Folder), string> _weights = [];

    private volatile Listing? _listing;
    private Task _closing = Task.CompletedTask;

    /// <summary>Answers that wait for a place in their model's batch.</summary>
    public int Waiting => Opened().Sum(model => model.Waiting);

    /// <summary>Models that are open.</summary>
    public int Count => Opened().Count;

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

    /// <summary>A model to ask something of.</summary>
    /// <param name="model">Which.</param>
    /// <param name="stays">Whether it is open from now on for as long as this is.</param>
    /// <exception cref="InputException">Its folder has no such model.</exception>
    public async Task<ModelUse> Use(OfferedModel model, bool stays = false)
    {
        (string, string) key = KeyOf(model);
        OpenModel opening = Enter(key, model, stays);
        try
        {
            LiveModel live = await opening.Model;
            lock (_lock)
                opening.IfOpen = live;
            return new ModelUse(live, () => Leave(opening));
        }
        catch
        {
            Forget(key, opening); // the next request tries again
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing;
        foreach (OpenModel model in _open.Values)
        {
            try
            {
                await (await model.Model).DisposeAsync();
            }
            catch (InputException)
            {
                // It was never open, and whoever asked for it was told.
            }
        }
    }

    /// <summary>Two may be asking for one name, of which one will get it.</summary>
    private static (string, string) KeyOf(OfferedModel model) => (model.StandsFor ?? model.Name, model.Folder);

    private List<LiveModel> Opened()
    {
        lock (_lock)
            return [.. _open.Values.Select(model => model.IfOpen).OfType<LiveModel>()];
    }

    private OpenModel Enter((string, string) key, OfferedModel model, bool stays)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(key, out OpenModel? opening))
                _open[key] = opening = new OpenModel(new Lazy<Task<LiveModel>>(() => Task.Run(() => Open(key, model))));
            opening.Uses++;
            opening.Stays |= stays;
            return opening;
        }
    }

    private void Leave(OpenModel model)
    {
        lock (_lock)
        {
            model.Uses--;
            model.Left = clock.GetTimestamp();
            if (_open.Values.FirstOrDefault(IsLeft) is null)
                return;
            LiveModel[] superseded = [.. TakeSuperseded()];
            Task before = _closing;
            _closing = Task.Run(() => Close(before, superseded));
        }
    }

    private void Forget((string, string) key, OpenModel model)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(key, out OpenModel? known) && known == model)
                _open.Remove(key);
        }
    }

    /// <summary>Nobody has them, and nobody gets them any more.</summary>
    private IEnumerable<LiveModel> TakeSuperseded()
    {
        HashSet<(string, string)> answering = _listing is null ? [] : [.. _listing.Models.Values.Where(model => model.StandsFor is not null).SelectMany(Answering)];
        foreach (((string, string) key, OpenModel model) in _open.ToArray())
        {
            if (!IsLeft(model) || answering.Contains(key))
                continue;
            _open.Remove(key);
            yield return model.IfOpen!;
        }
    }

    private bool IsLeft(OpenModel model) => model is { Uses: 0, Stays: false, IfOpen: not null } && clock.GetElapsedTime(model.Left) >= Patience;

    private static IEnumerable<(string, string)> Answering(OfferedModel alias) => alias.Canary is var (canary, _) ? [KeyOf(alias), KeyOf(canary)] : [KeyOf(alias)];

    private static async Task Close(Task before, LiveModel[] models)
    {
        await before;
        foreach (LiveModel model in models)
            await model.DisposeAsync();
    }

    private async Task<LiveModel> Open((string, string) key, OfferedModel model)
    {
        var opened = LiveModel.Open(model.Folder, threads);
        string? wanted = model.Weights;
        lock (_lock)
        {
            wanted ??= _weights.GetValueOrDefault(key, opened.Weights);
            if (wanted == opened.Weights)
                _weights[key] = wanted;
        }

        if (wanted == opened.Weights)
            return opened;
        await opened.DisposeAsync();
        throw new InputException(model.Weights is null
            ? $"{model.Folder}: the weights are others than when '{model.Name}' was first opened, and a name does not change its meaning"
            : $"{model.Folder}: these are not the weights that the run made (they have the hash {opened.Weights}, the run's have {model.Weights})");
    }

    private sealed record Listing(Dictionary<string, OfferedModel> Models, long Time);
}
