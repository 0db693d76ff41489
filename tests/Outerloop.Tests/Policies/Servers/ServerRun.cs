using System.Collections.Concurrent;
using Outerloop.Configuration;
using Outerloop.Deployment;
using Outerloop.Deployment.Workers;
using Outerloop.Policies;
using Outerloop.Policies.Servers;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Tests.Deployment.Workers;
using Outerloop.Tests.Support;
using Outerloop.Traces;
using Outerloop.Training;

namespace Outerloop.Tests.Policies.Servers;

/// <summary>Deployments against servers, without fine-tuning.</summary>
internal sealed class ServerRun(string path, params Uri[] urls)
{
    public RunSettings Settings { get; init; } = new() { Tasks = 60, HeldOut = 0, Larger = 0, Generations = 0, Policy = "openai:" + PlanServer.Model };

    public ServerOptions Options { get; init; } = new()
    {
        BaseUrls = [.. urls],
        InFlight = 64,
        Deadline = TimeSpan.FromSeconds(5),
        FirstDelay = TimeSpan.FromMilliseconds(5),
        LongestDelay = TimeSpan.FromMilliseconds(100),
        Patience = TimeSpan.FromMinutes(1),
    };

    public Budget Budget { get; init; } = Budget.Unlimited;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How many deploy in place of the run itself; 0 for none.</summary>
    public int Workers { get; init; }

    public ConcurrentQueue<string> Notices { get; } = new();

    public async Task<DomainSummary> Execute(bool resume = false, CancellationToken cancellation = default)
    {
        using RunFolder folder = resume ? RunFolder.Resume(path) : RunFolder.Create(path, Settings);
        BaseModel.EnsureIn(folder);
        var around = new ServerSurroundings(Clock, new Said(Notices));
        using var policies = (ServerPolicyFactory)PolicyCatalog.Create(folder, 1, () => Options, around);
        var parts = new RunParts(policies, TrainerCatalog.Create(Settings, policies, threads: 1), new SilentObserver(), TimeProvider.System) { Budget = Budget };
        IWorkforce? workforce = Workers > 0 ? new ScriptedWorkforce(path, Workers, () => parts with { Observer = new SilentObserver() }) : null;
        return (await RunExecution.Execute(folder, parts with { Workforce = workforce }, cancellation)).Domains.Single();
    }

    public async Task<IReadOnlyList<Trace>> Traces()
    {
        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(path), default);
        return await store.Traces("blocksworld", TaskSet.Pool, 0, 0);
    }

    private sealed class Said(ConcurrentQueue<string> notices) : IProgress<string>
    {
        public void Report(string value) => notices.Enqueue(value);
    }
}
