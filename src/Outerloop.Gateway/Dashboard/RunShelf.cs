using Outerloop.Configuration;
using Outerloop.Gateway.OpenAi;
using Outerloop.Runs;
using Outerloop.Storage;

namespace Outerloop.Gateway.Dashboard;

/// <summary>A run that the dashboard shows.</summary>
/// <param name="Name">Its folder's name, unlike that of any other run on the shelf.</param>
/// <param name="Path">Its folder.</param>
internal sealed record ShownRun(string Name, string Path)
{
    /// <summary>Of its overview, as addresses in pages have it: a folder's name may hold anything.</summary>
    public string Page => $"/runs/{Uri.EscapeDataString(Name)}";

    /// <summary>Of its figures.</summary>
    public string Api => $"/api/v1{Page}";

    /// <exception cref="InputException">The folder has no run any more.</exception>
    public RunSettings Settings => RunFolder.SettingsAt(Path);

    /// <summary>Of its store.</summary>
    public string Address => RunFolder.StoreOf(Path);

    public Task<RunStore> OpenToRead(CancellationToken cancellation) => RunStore.OpenToRead(Address, cancellation);

    /// <summary>One of its domains; the first where none is named.</summary>
    /// <exception cref="ApiException">It has no such domain.</exception>
    public string Domain(string? named)
    {
        RunSettings settings = Settings;
        return named is null || settings.Domains.Contains(named)
            ? named ?? settings.Domains[0]
            : throw ApiException.Wrong("domain", $"must be one of the run's: {string.Join(", ", settings.Domains)}");
    }
}

/// <summary>The runs that the dashboard shows: some that are named, and all of a folder, also those that are begun later.</summary>
/// <param name="runs">Folders of runs.</param>
/// <param name="folder">A folder of runs; null for none.</param>
internal sealed class RunShelf(IReadOnlyList<string> runs, string? folder)
{
    /// <summary>Those that have a store by now, by name. A name that is taken is not shown twice.</summary>
    public IReadOnlyList<ShownRun> List() =>
    [
        .. runs.Concat(folder is null || !Directory.Exists(folder) ? [] : Directory.EnumerateDirectories(folder).Where(path => File.Exists(Path.Combine(path, "run.yaml"))).Order(StringComparer.Ordinal))
            .Select(path => new ShownRun(RunFolder.NameOf(path), Path.GetFullPath(path)))
            .DistinctBy(run => run.Name),
    ];

    /// <summary>By its name alone: no request names a path.</summary>
    /// <exception cref="ApiException">There is no such run.</exception>
    public ShownRun Find(string name) =>
        List().FirstOrDefault(run => run.Name == name) ?? throw new ApiException(404, "There is no run of this name here; /api/v1/runs lists those that there are", "run", "run_not_found");
}
