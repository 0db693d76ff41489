namespace Outerloop.Gateway.Models;

/// <summary>Models of folders: those that the gateway began with, and those that were loaded since. A name never changes its meaning.</summary>
public sealed class FolderModels(TimeProvider clock) : IModelSource
{
    private readonly Lock _lock = new();
    private readonly List<OfferedModel> _models = [];

    public Task<IReadOnlyList<OfferedModel>> List(CancellationToken cancellation)
    {
        lock (_lock)
            return Task.FromResult<IReadOnlyList<OfferedModel>>([.. _models]);
    }

    /// <returns>False if the name is taken by another folder.</returns>
    public bool TryAdd(string name, string folder)
    {
        folder = Path.GetFullPath(folder);
        lock (_lock)
        {
            if (_models.FirstOrDefault(model => model.Name == name) is { } known)
                return known.Folder == folder;
            _models.Add(new OfferedModel(name, folder, clock.GetUtcNow()));
            return true;
        }
    }
}
