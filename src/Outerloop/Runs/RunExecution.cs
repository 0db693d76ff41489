using Outerloop.Planning.Domains;
using Outerloop.Storage;

namespace Outerloop.Runs;

/// <summary>A whole run: the loop for each of its domains, then the figures.</summary>
public static class RunExecution
{
    public static async Task<RunSummary> Execute(RunFolder folder, RunParts parts, CancellationToken cancellation)
    {
        await using RunStore store = await RunStore.Open(folder.Store, cancellation);
        foreach (string name in folder.Settings.Domains)
            await new RunLoop(folder, store, DomainCatalog.Find(name)!, parts).Run(cancellation);
        return await new RunSummarizer(store).Summarize(folder.Path, folder.Settings.Domains);
    }

    /// <summary>The figures of a run that may be unfinished; nothing is written.</summary>
    public static async Task<RunSummary> Summarize(string path, CancellationToken cancellation)
    {
        string store = RunFolder.StoreOf(path);
        if (!File.Exists(store))
            throw new InputException($"{path}: no run here (no {Path.GetFileName(store)})");
        await using RunStore opened = await RunStore.Open(store, cancellation);
        return await new RunSummarizer(opened).Summarize(path, RunFolder.SettingsAt(path).Domains);
    }
}
