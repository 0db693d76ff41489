using System.ClientModel;
using System.Text.Json.Nodes;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;
using Outerloop.Cli.Tests.Support;

namespace Outerloop.Cli.Tests.Serving;

/// <summary><c>outerloop serve</c> as a process, and runs that reach it over HTTP alone.</summary>
public sealed class ServedRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("local")]
    [InlineData("lora")]
    public async Task A_run_over_http_has_the_traces_and_weights_of_the_run_in_one_process(string trainer)
    {
        using OuterloopProcess server = OuterloopProcess.Start("serve", "--json", "--model", ServedRuns.Base, "--name", "base", "--port", "0", "--allow-loading");
        Uri url = await UrlOf(server);
        CliResult here = await OuterloopProcess.Run([.. ServedRuns.Small, "--trainer", trainer, "--out", _folder.File("here")]);
        CliResult served = await OuterloopProcess.Run([.. ServedRuns.Served, "--trainer", trainer, .. ServedRuns.Reaching(url), "--out", _folder.File("served")]);
        Assert.True(here.ExitCode == 0, here.Messages);
        Assert.True(served.ExitCode == 0, served.Messages);
        if (trainer == "local")
        {
            Assert.Equal(ServedRuns.Figures(here), ServedRuns.Figures(served));
            Assert.Equal(await ServedRuns.Traces(_folder.File("here")), await ServedRuns.Traces(_folder.File("served")));
            Assert.Equal(ServedRuns.Weights(_folder.File("here"), 2), ServedRuns.Weights(_folder.File("served"), 2));
        }

        Assert.Equal(Solved(here), Solved(served));
        string[] names = [.. (await Models(url)).Select(model => model.Id)];
        Assert.Equal(["base", "blocksworld-gen-1-", "blocksworld-gen-2-"], names.Select(name => name[..Math.Min(name.Length, "blocksworld-gen-1-".Length)]).Order());
        await Stop(server);
    }

    [Fact]
    public async Task A_run_is_served_with_each_generation_under_its_own_name_and_the_latest_under_the_runs()
    {
        string run = _folder.File("short");
        CliResult made = await OuterloopProcess.Run([.. ServedRuns.Small, "--out", run]);
        Assert.True(made.ExitCode == 0, made.Messages);
        using OuterloopProcess server = OuterloopProcess.Start("serve", "--json", "--run", run, "--port", "0");
        Uri url = await UrlOf(server);
        string[] weights = [.. JsonNode.Parse(made.Output)!["domains"]![0]!["generations"]!.AsArray().Select(generation => (string)generation!["weights"]!)];
        string[] names = [.. weights.Select((hash, number) => $"short-blocksworld-g{number}-{hash[..8]}")];
        Assert.Equal(["short-blocksworld", .. names], (await Models(url)).Select(model => model.Id).Order());

        ChatCompletion answer = await Client(url).GetChatClient("short-blocksworld").CompleteChatAsync(
            [new UserChatMessage("<init> on b1 b2 on-table b2 clear b1 arm-empty <goal> on b2 b1 <plan>")]);
        Assert.Equal(names[^1], answer.Model);
        Assert.Equal(weights[^1], answer.SystemFingerprint);
        await Stop(server);
    }

    private static async Task<Uri> UrlOf(OuterloopProcess server)
    {
        await server.Speaks();
        return new Uri((string)JsonNode.Parse(server.Said)!["url"]!);
    }

    private static async Task Stop(OuterloopProcess server)
    {
        server.Interrupt();
        CliResult stopped = await server.End();
        Assert.True(stopped.ExitCode == 130, stopped.Messages);
    }

    private static OpenAIClient Client(Uri url) => new(new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = url });

    private static async Task<OpenAIModelCollection> Models(Uri url) => await Client(url).GetOpenAIModelClient().GetModelsAsync();

    private static string Solved(CliResult result) =>
        string.Join(' ', JsonNode.Parse(result.Output)!["domains"]![0]!["generations"]!.AsArray().Select(generation => $"{generation!["solved"]} {generation["heldOut"]}"));
}
