using System.Text;
using System.Text.Json.Nodes;
using Outerloop.Cli.Tests.Support;

namespace Outerloop.Cli.Tests;

/// <summary><c>next</c>, <c>promote</c> and <c>rollback</c> beside a gateway that goes on answering.</summary>
public sealed class LiveVerbsTests(LiveVerbsTests.MadeRun made) : IClassFixture<LiveVerbsTests.MadeRun>
{
    private const string Question =
        """
        {"model":"short-blocksworld","temperature":0,"messages":[{"role":"user","content":
        "(define (problem p) (:domain blocksworld) (:objects b1 b2) (:init (arm-empty) (on b1 b2) (clear b1) (on-table b2)) (:goal (on b2 b1)))"}]}
        """;

    [Fact]
    public async Task A_generation_that_learnt_from_users_answers_when_it_is_promoted_and_no_longer_when_that_is_undone()
    {
        using OuterloopProcess server = OuterloopProcess.Start("serve", "--json", "--run", made.Path, "--port", "0");
        await server.Speaks();
        var url = new Uri((string)JsonNode.Parse(server.Said)!["url"]!);
        JsonNode first = await Post(url, "chat/completions", Question);
        string before = (string)first["system_fingerprint"]!;
        Assert.Equal("valid", (string)(await Post(url, "feedback", $"{{\"id\":\"{first["id"]}\",\"verdict\":\"reject\",\"correction\":\"unstack b1 b2 putdown b1 pickup b2 stack b2 b1\"}}"))["correction"]!);

        JsonNode next = JsonNode.Parse((await Done("next", made.Path, "--curator", "verifier", "--threads", "1", "--json")).Output)!;

        Assert.Equal((1, 0, 1), ((int)next["generation"]!, (int)next["current"]!, (int)next["liveExamples"]!));
        Assert.True((bool)next["disagreements"]![0]!["user"]! is false);
        Assert.Equal(before, (string)(await Post(url, "chat/completions", Question))["system_fingerprint"]!);
        Assert.Contains("generation 0 answers what generation 1 leaves, which answers 25 %", (await Done("promote", made.Path, "--generation", "1", "--share", "0.25")).Output, StringComparison.Ordinal);
        Assert.Contains("generation 1 answers all", (await Done("promote", made.Path, "--generation", "1", "--why", "better")).Output, StringComparison.Ordinal);
        await Until(url, fingerprint => fingerprint != before);
        Assert.Contains("generation 0 answers all", (await Done("rollback", made.Path)).Output, StringComparison.Ordinal);
        await Until(url, fingerprint => fingerprint == before);
        Assert.Contains("held-out, greedy: generation 0", (await Done("next", made.Path, "--threads", "1")).Output, StringComparison.Ordinal);
        server.Interrupt();
        Assert.Equal(130, (await server.End()).ExitCode);
    }

    [Theory]
    [InlineData("no-such-run", "promote", "no-such-run", "--generation", "0")]
    [InlineData("--generation", "promote", "RUN")]
    [InlineData("--share", "promote", "RUN", "--generation", "0", "--share", "0")]
    [InlineData("--share", "promote", "RUN", "--generation", "0", "--share", "1.5")]
    [InlineData("7", "promote", "RUN", "--generation", "7")]
    [InlineData("nowhere", "promote", "RUN", "--generation", "0", "--domain", "nowhere")]
    [InlineData("no-such-run", "rollback", "no-such-run")]
    [InlineData("no-such-run", "next", "no-such-run")]
    [InlineData("nobody", "next", "RUN", "--curator", "nobody")]
    [InlineData("nowhere", "next", "RUN", "--domain", "nowhere")]
    public async Task Wrong_input_is_said(string said, params string[] arguments)
    {
        CliResult result = await OuterloopProcess.Run([.. arguments.Select(argument => argument == "RUN" ? made.Path : argument)]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(said, result.LastMessage, StringComparison.Ordinal);
    }

    private static async Task<CliResult> Done(params string[] arguments)
    {
        CliResult result = await OuterloopProcess.Run(arguments);
        Assert.True(result.ExitCode == 0, result.Messages);
        return result;
    }

    /// <summary>The gateway follows a decision soon.</summary>
    private static async Task Until(Uri url, Func<string, bool> isSo)
    {
        while (!isSo((string)(await Post(url, "chat/completions", Question))["system_fingerprint"]!))
            await Task.Delay(50);
    }

    private static async Task<JsonNode> Post(Uri url, string path, string body)
    {
        using var http = new HttpClient();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await http.PostAsync(new Uri($"{url}/{path}"), content);
        return JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
    }

    /// <summary>A run of one generation.</summary>
    public sealed class MadeRun : IAsyncLifetime, IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public string Path => _folder.File("short");

        public async Task InitializeAsync()
        {
            CliResult result = await OuterloopProcess.Run("run", "--json", "--tasks", "12", "--held-out", "4", "--larger", "1", "--generations", "0", "--trainer-min-steps", "5", "--trainer-epochs", "1", "--threads", "1", "--out", Path);
            Assert.True(result.ExitCode == 0, result.Messages);
        }

        public Task DisposeAsync() => Task.CompletedTask;

        public void Dispose() => _folder.Dispose();
    }
}
