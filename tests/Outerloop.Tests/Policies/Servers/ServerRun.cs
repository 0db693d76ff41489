using System.Collections.Concurrent;
using Outerloop.Configuration;
using Outerloop.Deployment;
using Outerloop.Policies;
using Outerloop.Policies.Servers;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
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

    public ConcurrentQueue<string> Notices { get; } = new();

    public async Task<DomainSummary> Execute(bool resume = false, CancellationToken cancellation = default)
    {
        using RunFolder folder = resume ? RunFolder.Resume(path) : RunFolder.Create(path, Settings);
        BaseModel.EnsureIn(folder);
        var around = new ServerSurroundings(TimeProvider.System, new Said(Notices));
        using var policies = (ServerPolicyFactory)PolicyCatalog.Create(folder, 1, () => Options, around);
        var parts = new RunParts(policies, TrainerCatalog.Create(Settings, policies, threads: 1), new SilentObserver(), TimeProvider.System) { Budget = Budget };
        return (await RunExecution.Execute(folder, parts, cancellation)).Domains.Single();
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
