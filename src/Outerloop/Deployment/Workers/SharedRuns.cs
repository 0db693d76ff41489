using Outerloop.Configuration;
using Outerloop.Storage;

namespace Outerloop.Deployment.Workers;

/// <summary>Finds the folders of the runs whose stores are in one database.</summary>
public static class SharedRuns
{
    /// <param name="database">As the user names it.</param>
    /// <param name="run">The name of one; null for all that have begun.</param>
    /// <param name="cancellation">Stops waiting for the database.</param>
    /// <exception cref="InputException">The one is not there.</exception>
    public static async Task<IReadOnlyList<string>> Folders(string database, string? run, CancellationToken cancellation)
    {
        IReadOnlyList<string> names = await PostgresAddress.Runs(database, cancellation);
        if (run is not null && !names.Contains(run))
            throw new InputException($"--run: {Choice.Unknown("run of the database", run, names)}");
        var folders = new List<string>();
        foreach (string name in run is null ? names : [run])
        {
            await using RunStore store = await RunStore.Open(PostgresAddress.OfRun(database, name), cancellation);
            if (await store.FindOrigin("folder") is { } folder)
                folders.Add(folder);
        }

        return folders;
    }
}
