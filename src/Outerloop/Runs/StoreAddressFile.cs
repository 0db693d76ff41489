using Outerloop.Storage;

namespace Outerloop.Runs;

/// <summary>
/// <c>store.txt</c> in a run's folder: where its store is, and an id that the store has too, so that a run never goes on with
/// another's.
/// </summary>
/// <param name="Address">Of the store (see <see cref="PostgresAddress"/>).</param>
/// <param name="Run">The id.</param>
internal sealed record StoreAddressFile(string Address, string Run)
{
    /// <summary>Null where the store is a file in the folder.</summary>
    /// <exception cref="InputException">It is there, and not what it should be.</exception>
    public static StoreAddressFile? Read(string folder)
    {
        string file = PathIn(folder);
        if (!File.Exists(file))
            return null;
        return File.ReadAllText(file).Split('\n', StringSplitOptions.RemoveEmptyEntries) is [string address, string run]
            ? new StoreAddressFile(address, run)
            : throw new InputException($"{file}: not the address of a store and an id, a line each");
    }

    /// <param name="folder">The run's.</param>
    /// <param name="database">As the user names it; the run's tables get a schema of the folder's name.</param>
    public static void Write(string folder, string database)
    {
        string address = PostgresAddress.OfRun(database, RunFolder.NameOf(folder));
        AtomicFile.Write(PathIn(folder), $"{address}\n{Guid.NewGuid():N}\n");
    }

    private static string PathIn(string folder) => Path.Combine(folder, "store.txt");
}
