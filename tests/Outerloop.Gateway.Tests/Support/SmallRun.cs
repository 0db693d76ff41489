using Outerloop.Configuration;
using Outerloop.Policies;
using Outerloop.Policies.Servers;
using Outerloop.Runs;
using Outerloop.Tests.Support;
using Outerloop.Training;

namespace Outerloop.Gateway.Tests.Support;

/// <summary>Whole runs of the loop with the bundled base.</summary>
internal static class SmallRun
{
    /// <param name="path">Of the run's folder, which is made.</param>
    /// <param name="settings">Of the run.</param>
    /// <param name="servers">Of a run whose model is on servers.</param>
    public static async Task<RunSummary> Execute(string path, RunSettings settings, ServerOptions? servers = null)
    {
        using RunFolder folder = Begin(path, settings);
        return await GoOn(folder, servers, new SilentObserver(), default);
    }

    /// <summary>A run that is stopped as soon as so many of a generation's answers are there.</summary>
    public static async Task Interrupt(string path, RunSettings settings, int generation, int answers)
    {
        using RunFolder folder = Begin(path, settings);
        using var stop = new CancellationTokenSource();
        var observer = new StoppingObserver(stop, generation, answers);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => GoOn(folder, servers: null, observer, stop.Token));
    }

    /// <summary>A run that was stopped, to its end.</summary>
    public static async Task<RunSummary> Resume(string path)
    {
        using var folder = RunFolder.Resume(path);
        return await GoOn(folder, servers: null, new SilentObserver(), default);
    }

    private static RunFolder Begin(string path, RunSettings settings)
    {
        TrainerCatalog.Check(settings);
        BaseModel.Check(settings);
        var folder = RunFolder.Create(path, settings);
        BaseModel.EnsureIn(folder);
        return folder;
    }

    private static async Task<RunSummary> GoOn(RunFolder folder, ServerOptions? servers, IRunObserver observer, CancellationToken cancellation)
    {
        IPolicyFactory policies = PolicyCatalog.Create(folder, threads: 2, () => servers!, new ServerSurroundings(TimeProvider.System, new Progress<string>()));
        try
        {
            var parts = new RunParts(policies, TrainerCatalog.Create(folder.Settings, policies, threads: 2), observer, TimeProvider.System);
            return await RunExecution.Execute(folder, parts, cancellation);
        }
        finally
        {
            (policies as IDisposable)?.Dispose();
        }
    }

    private sealed class StoppingObserver(CancellationTokenSource stop, int generation, int answers) : IRunObserver
    {
        public void Report(PhaseProgress value)
        {
            if (value.Phase == RunPhase.Deploy && value.Generation == generation && value.Done >= answers)
                stop.Cancel();
        }

        public void Finished(string domain, GenerationSummary generation)
        {
        }
    }
}
