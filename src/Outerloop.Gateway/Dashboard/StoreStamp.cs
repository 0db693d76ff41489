using Outerloop.Runs;
using static System.FormattableString;

namespace Outerloop.Gateway.Dashboard;

/// <summary>What the files of runs are like, so that a change is seen.</summary>
/// <param name="Files">Names, lengths and times.</param>
/// <param name="LastChange">Of all.</param>
internal sealed record StoreStamp(string Files, DateTime LastChange)
{
    /// <summary>Of all together; null where the store of any is in no file.</summary>
    public static StoreStamp? Of(IReadOnlyList<ShownRun> runs)
    {
        StoreStamp?[] stamps = [.. runs.Select(Of)];
        return stamps.Contains(null) ? null : new StoreStamp(string.Concat(stamps.Select(stamp => stamp!.Files)), stamps.Max(stamp => stamp!.LastChange));
    }

    /// <summary>Null where the store is in no file.</summary>
    public static StoreStamp? Of(ShownRun run)
    {
        string store = run.Address;
        if (!File.Exists(store))
            return null;
        FileInfo[] files = [.. Of(run.Path, store).Select(path => new FileInfo(path)).Where(file => file.Exists)];
        return new StoreStamp(
            string.Concat(files.Select(file => Invariant($"{Path.GetRelativePath(run.Path, file.FullName)} {file.Length} {file.LastWriteTimeUtc.Ticks}\n"))),
            files.Max(file => file.LastWriteTimeUtc));
    }

    private static IEnumerable<string> Of(string run, string store)
    {
        string log = store + "-wal", generations = Path.GetDirectoryName(Path.GetDirectoryName(RunFolder.GenerationOf(run, "domain", 1)))!;
        IEnumerable<string> curves = Directory.Exists(generations) ? Directory.EnumerateFiles(generations, "*.training.csv", SearchOption.AllDirectories) : [];
        IEnumerable<string> planners = Directory.EnumerateFiles(run, Path.GetFileName(RunFolder.PlannerOf(run, "*")));
        // An empty log is made by whoever opens the store, also to read, and says nothing.
        return [store, .. new FileInfo(log) is { Exists: true, Length: > 0 } ? [log] : (string[])[], .. planners.Concat(curves).Order(StringComparer.Ordinal)];
    }
}
