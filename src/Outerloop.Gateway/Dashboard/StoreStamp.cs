using Outerloop.Runs;

namespace Outerloop.Gateway.Dashboard;

/// <summary>When something of a run changed last, by its files.</summary>
internal static class StoreStamp
{
    /// <summary>The last change of all; null where the store of any is in no file.</summary>
    public static DateTime? Of(IReadOnlyList<ShownRun> runs) => runs.Select(Of).ToArray() is var stamps && stamps.Contains(null) ? null : stamps.Max();

    /// <summary>Null where the store is in no file.</summary>
    public static DateTime? Of(ShownRun run)
    {
        string store = run.Address;
        return File.Exists(store) ? new[] { store, store + "-wal" }.Concat(Curves(run)).Where(File.Exists).Max(File.GetLastWriteTimeUtc) : null;
    }

    private static IEnumerable<string> Curves(ShownRun run)
    {
        string generations = Path.GetDirectoryName(Path.GetDirectoryName(RunFolder.GenerationOf(run.Path, "domain", 1)))!;
        return Directory.Exists(generations) ? Directory.EnumerateFiles(generations, "*.training.csv", SearchOption.AllDirectories) : [];
    }
}
