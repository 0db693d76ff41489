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
        TrainerCatalog.Check(settings);
        BaseModel.Check(settings);
        using RunFolder folder = RunFolder.Create(path, settings);
        BaseModel.EnsureIn(folder);
        IPolicyFactory policies = PolicyCatalog.Create(folder, threads: 2, () => servers!, new ServerSurroundings(TimeProvider.System, new Progress<string>()));
        try
        {
            var parts = new RunParts(policies, TrainerCatalog.Create(settings, policies, threads: 2), new SilentObserver(), TimeProvider.System);
            return await RunExecution.Execute(folder, parts, default);
        }
        finally
        {
            (policies as IDisposable)?.Dispose();
        }
    }
}
