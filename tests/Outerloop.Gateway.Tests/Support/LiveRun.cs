using System.Text.Json.Nodes;
using Outerloop.Configuration;
using Outerloop.Gateway.Models;
using Outerloop.Live;
using Outerloop.Planning.Domains;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Tests.Support;

namespace Outerloop.Gateway.Tests.Support;

/// <summary>A small run of Blocksworld with the bundled base, served with a record.</summary>
internal sealed class LiveRun : IAsyncDisposable
{
    public const string Domain = "blocksworld", Alias = "small-blocksworld";

    /// <summary>A task that the base solves.</summary>
    public const string Problem = "(define (problem p) (:domain blocksworld) (:objects b1 b2) (:init (arm-empty) (on b1 b2) (clear b1) (on-table b2)) (:goal (on b2 b1)))";

    private readonly TemporaryFolder _folder;
    private readonly LiveRecorder _recorder;

    private LiveRun(TemporaryFolder folder, string path, LiveRecorder recorder, BaseGateway gateway)
    {
        _folder = folder;
        Path = path;
        _recorder = recorder;
        Gateway = gateway;
    }

    public static RunSettings Settings { get; } = new()
    {
        Tasks = 12,
        HeldOut = 6,
        Larger = 1,
        Generations = 0,
        Policy = $"local:{BaseGateway.Folder}",
        Trainer = new TrainerSettings { MinSteps = 1, Epochs = 1 },
    };

    public string Path { get; }

    public BaseGateway Gateway { get; }

    public static async Task<LiveRun> Start(RunSettings? settings = null)
    {
        var folder = new TemporaryFolder();
        string path = folder.File("small");
        await SmallRun.Execute(path, settings ?? Settings);
        LiveRecorder recorder = await LiveRecorder.Open(path, TimeProvider.System, default);
        return new LiveRun(folder, path, recorder, await BaseGateway.Start(recorder, new RunModels(path)));
    }

    public Task<RunStore> OpenStore() => RunStore.Open(RunFolder.StoreOf(Path), default);

    /// <summary>A chat whose one message is a problem.</summary>
    public Task<GatewayReply> Ask(string problem, string more = "\"temperature\":0", string model = Alias) => Gateway.Post(
        "/v1/chat/completions",
        $"{{\"model\":\"{model}\",{more},\"messages\":[{{\"role\":\"user\",\"content\":{JsonValue.Create(problem).ToJsonString()}}}]}}");

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await _recorder.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A task of the pool's sizes whose fingerprint says that it is held out, or not.</summary>
    public static string Draw(bool heldOut, int seed)
    {
        PlanningDomain domain = DomainCatalog.Find(Domain)!;
        var random = new Random(seed);
        while (true)
        {
            string problem = domain.GenerateProblem("drawn", domain.PoolSizes, random);
            var task = PlanningTask.Read(new TaskId(Domain, TaskSet.Live, 0), problem, domain.Domain);
            if (TaskGenerator.IsHeldOut(task.Fingerprint) == heldOut)
                return problem;
        }
    }
}
