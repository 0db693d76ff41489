using Outerloop.Cli.Tests.Support;
using Outerloop.Gateway;
using Outerloop.Gateway.Models;
using Outerloop.Policies;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Cli.Tests;

/// <summary>The loop over HTTP, by OpenAI's client, against our own server.</summary>
public sealed class GatewayRunTests : IDisposable
{
    private static readonly string[] Small =
    [
        "run", "--json", "--tasks", "60", "--held-out", "12", "--larger", "4", "--generations", "2", "--seed", "3", "--trainer-min-steps", "25",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_against_the_gateway_writes_what_the_run_in_one_process_writes()
    {
        CliResult here = await OuterloopProcess.Run([.. Small, "--out", _folder.File("here")]);
        Assert.True(here.ExitCode == 0, here.Messages);

        var folders = new FolderModels(TimeProvider.System);
        folders.TryAdd("base", BaseModel.Bundled);
        var options = new GatewayOptions { Port = 0, LoadsModels = true, Threads = 2 };
        await using GatewayServer server = await GatewayServer.Start(
            options, folders, [], new GatewaySurroundings(TimeProvider.System, new Progress<string>()), CancellationToken.None);
        CliResult there = await OuterloopProcess.Run(
        [
            .. Small, "--policy", "openai:base", "--base-url", server.Url.ToString(), "--prompt-template", "words",
            "--trainer-base", BaseModel.Bundled, "--reload", "vllm", "--out", _folder.File("there"),
        ]);
        Assert.True(there.ExitCode == 0, there.Messages);

        IReadOnlyList<Answer> expected = await Answers(_folder.File("here"));
        Assert.Equal(3 * (60 + (4 * 12) + 4), expected.Count);
        Assert.Equal(expected, await Answers(_folder.File("there")));
        Assert.Equal(await LastWeights(_folder.File("here")), await LastWeights(_folder.File("there")));
    }

    private static async Task<IReadOnlyList<Answer>> Answers(string run)
    {
        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(run), CancellationToken.None);
        var answers = new List<Answer>();
        foreach (TaskSet set in Enum.GetValues<TaskSet>())
        {
            IReadOnlyList<Trace> traces = await store.Traces("blocksworld", set, 0, 2);
            answers.AddRange(traces.Select(trace => new Answer(trace.Id, trace.Outcome, trace.Text, trace.AnswerTokens)));
        }

        return answers;
    }

    private static async Task<string> LastWeights(string run)
    {
        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(run), CancellationToken.None);
        return (await store.Generations("blocksworld"))[^1].Weights;
    }

    private sealed record Answer(TraceId Id, Outcome Outcome, string Text, int Tokens);
}
