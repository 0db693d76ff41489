using Outerloop.Configuration;
using Outerloop.Storage;

namespace Outerloop.Deployment.Workers;

/// <summary>Finds the folders of the runs whose stores are in one database.</summary>
/// <param name="database">As the user names it.</param>
public sealed class SharedRuns(string database)
{
    private readonly Dictionary<string, string?> _folders = [];

    /// <summary>The folder of one run.</summary>
    /// <exception cref="InputException">There is no such run.</exception>
    public async Task<string> Folder(string run, CancellationToken cancellation)
    {
        IReadOnlyList<string> names = await PostgresAddress.Runs(database, cancellation);
        return names.Contains(run) && await FolderOf(run, cancellation) is { } folder
            ? folder
            : throw new InputException($"--run: {Choice.Unknown("run of the database", run, names)}");
    }

    /// <summary>The folders of the runs that owe answers, as far as they can be seen from this machine.</summary>
    public async Task<IReadOnlyList<string>> Owing(CancellationToken cancellation)
    {
        var folders = new List<string>();
        foreach (string run in await PostgresAddress.RunsThatOwe(database, cancellation))
        {
            if (await FolderOf(run, cancellation) is { } folder && Directory.Exists(folder))
                folders.Add(folder);
        }

        return folders;
    }

    private async Task<string?> FolderOf(string run, CancellationToken cancellation)
    {
        if (_folders.TryGetValue(run, out string? folder))
            return folder;
        await using RunStore store = await RunStore.Open(PostgresAddress.OfRun(database, run), cancellation);
        return _folders[run] = await store.FindOrigin("folder");
    }
}
