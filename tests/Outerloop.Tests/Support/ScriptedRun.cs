using Outerloop.Configuration;
using Outerloop.Runs;

namespace Outerloop.Tests.Support;

/// <summary>Small runs of the loop with scripted policies and trainer in place of the model.</summary>
internal static class ScriptedRun
{
    public static RunSettings Settings { get; } = new() { Tasks = 40, HeldOut = 10, Larger = 5, Generations = 3, Samples = 2 };

    public static RunParts Parts(ScriptedPolicies? policies = null, SilentObserver? observer = null) =>
        new(policies ?? new ScriptedPolicies(), new ScriptedTrainer(), observer ?? new SilentObserver(), TimeProvider.System);

    public static async Task<RunSummary> Execute(string path, RunSettings? settings = null, ScriptedPolicies? policies = null)
    {
        using RunFolder folder = RunFolder.Create(path, settings ?? Settings);
        return await RunExecution.Execute(folder, Parts(policies), default);
    }
}
