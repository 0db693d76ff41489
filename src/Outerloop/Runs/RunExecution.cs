using Outerloop.Planning.Domains;
using Outerloop.Policies.Servers;
using Outerloop.Storage;

namespace Outerloop.Runs;

/// <summary>A whole run: the loop for each of its domains, then the figures.</summary>
public static class RunExecution
{
    public static async Task<RunSummary> Execute(RunFolder folder, RunParts parts, CancellationToken cancellation)
    {
        await using RunStore store = await RunStore.Open(folder.Store, cancellation);
        await folder.RequireOwn(store, cancellation);
        await RequirePrompt(folder, store, cancellation);
        foreach (string name in folder.Settings.Domains)
            await new RunLoop(folder, store, DomainCatalog.Find(name)!, parts).Run(cancellation);
        return await new RunSummarizer(store).Summarize(folder.Path, folder.Settings.Domains);
    }

    /// <summary>All of a run's answers are to the same question.</summary>
    private static async Task RequirePrompt(RunFolder folder, RunStore store, CancellationToken cancellation)
    {
        if (ServerPolicyFactory.ModelOf(folder.Settings.Policy) is null)
            return;
        string hash = folder.Prompt.Hash;
        if (await store.Origin("prompt", hash, cancellation) is { } begun && begun != hash)
            throw new InputException($"{folder.Path}: prompt.txt is not the template that this run began with (it has the hash {hash}, the run's {begun}); put that back, or begin a new run");
    }

    /// <summary>The figures of a run that may be unfinished; nothing is written.</summary>
    public static async Task<RunSummary> Summarize(string path, CancellationToken cancellation)
    {
        await using RunStore opened = await OpenStore(path, cancellation);
        return await new RunSummarizer(opened).Summarize(path, RunFolder.SettingsAt(path).Domains);
    }

    /// <summary>The store of a run that there is.</summary>
    /// <exception cref="InputException">There is none.</exception>
    internal static Task<RunStore> OpenStore(string path, CancellationToken cancellation)
    {
        string store = RunFolder.StoreOf(path);
        return StoreAddressFile.Read(path) is null && !File.Exists(store)
            ? throw new InputException($"{path}: no run here (no {Path.GetFileName(store)})")
            : RunStore.Open(store, cancellation);
    }
}
