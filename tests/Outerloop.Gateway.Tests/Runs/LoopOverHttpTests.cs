using System.Text.Json;
using Outerloop.Configuration;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Policies.Servers;
using Outerloop.Prompting;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Gateway.Tests.Runs;

/// <summary>Iterative deployment whose model is reached through OpenAI's SDK alone, against the same run in this process.</summary>
public sealed class LoopOverHttpTests : IDisposable
{
    private const string Domain = "blocksworld";

    private static readonly RunSettings Settings = new()
    {
        Tasks = 60,
        HeldOut = 12,
        Larger = 4,
        Generations = 2,
        Seed = 3,
        Policy = $"local:{BaseGateway.Folder}",
        Trainer = new TrainerSettings { MinSteps = 20, Epochs = 4 },
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_over_HTTP_is_the_same_run_as_in_this_process()
    {
        string here = _folder.File("here"), there = _folder.File("there");
        RunSummary local = await SmallRun.Execute(here, Settings, servers: null);
        await using BaseGateway gateway = await BaseGateway.Start(loadsModels: true);
        RunSettings served = Settings with
        {
            Policy = $"openai:{BaseGateway.Model}",
            Prompt = new PromptSettings(PromptTemplate.WordsName),
            Trainer = Settings.Trainer with { Base = BaseGateway.Folder },
        };
        RunSummary remote = await SmallRun.Execute(there, served, new ServerOptions { BaseUrls = [gateway.Url], InFlight = 32, LoadsAdapters = true });

        IReadOnlyList<Trace> mine = await Traces(here), theirs = await Traces(there);
        Assert.Equal(3 * (60 + 12 * 4 + 4), mine.Count);
        Assert.Equal(mine.Select(Told), theirs.Select(Told));
        Assert.Contains(mine, trace => trace.Outcome == Outcome.Valid && trace.Id.Generation == 2);
        Assert.Equal(Figures(local), Figures(remote));
        Assert.Equal(Weights(local), Weights(remote));
        Assert.Equal(2, Weights(remote).Distinct().Count());
        Assert.All(remote.Domains.Single().Costs.Where(cost => cost.AnswerTokens > 0), cost => Assert.True(cost.Requests > 0));
        Assert.Empty(gateway.Notices);
        Assert.Equal(3, (await gateway.Get("/v1/models")).Body!["data"]!.AsArray().Count);
    }

    /// <summary>Of all generations and sets of tasks, by id.</summary>
    private static async Task<IReadOnlyList<Trace>> Traces(string path)
    {
        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(path), default);
        var traces = new List<Trace>();
        foreach (TaskSet set in Enum.GetValues<TaskSet>())
            traces.AddRange(await store.Traces(Domain, set, 0, Settings.Generations));
        return [.. traces.OrderBy(trace => $"{trace.Id}", StringComparer.Ordinal)];
    }

    /// <summary>All that a trace says, but for what a served base's weights are called.</summary>
    private static string Told(Trace trace) => JsonSerializer.Serialize(
        trace with { BehaviourWeights = trace.Id.Generation == 0 ? "" : trace.BehaviourWeights });

    /// <summary>Without times, and without what tells a server from this process.</summary>
    private static string Figures(RunSummary summary) => JsonSerializer.Serialize(
        summary.Domains.Select(domain => domain with
        {
            Costs = [.. domain.Costs.Select(cost => cost with { Requests = 0, ServerSeconds = 0, CpuSeconds = 0 })],
            Generations = [.. domain.Generations.Select(generation => generation with { Weights = "", Seconds = new SecondsSummary(0, 0, 0, 0, 0) })],
        }));

    /// <summary>Of the generations that a run has made.</summary>
    private static IEnumerable<string> Weights(RunSummary summary) => summary.Domains.Single().Generations.Skip(1).Select(generation => generation.Weights);
}
