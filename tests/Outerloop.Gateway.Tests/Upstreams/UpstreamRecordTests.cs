using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Outerloop.Configuration;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Gateway.Upstreams;
using Outerloop.Live;
using Outerloop.Model.Sampling;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Policies;
using Outerloop.Policies.Servers;
using Outerloop.Prompting;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Gateway.Tests.Upstreams;

/// <summary>What is kept of answers that other servers gave.</summary>
public sealed class UpstreamRecordTests : IDisposable
{
    private const string Chat = "/v1/chat/completions";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_to_a_task_of_the_run_is_a_verified_trace_with_its_tokens_and_log_probabilities(bool stream)
    {
        await using BaseGateway behind = await BaseGateway.Start();
        await using Served served = await Serve(behind.Url, await Run(behind.Url));

        GatewayReply reply = await served.Gateway.Post(Chat, Asking($"\"temperature\":1,\"seed\":3,\"n\":2,\"stream\":{(stream ? "true" : "false")}"));

        Assert.Equal(200, reply.Status);
        string id = stream ? (string)JsonNode.Parse(reply.Text.Split("\n\n")[0]["data: ".Length..])!["id"]! : (string)reply.Body!["id"]!;
        await using RunStore store = await served.Store();
        IReadOnlyList<Trace> traces = await store.LiveTraces("blocksworld");
        Assert.Equal(2, traces.Count);
        Assert.All(traces, trace => Assert.Equal((0, "openai:base"), (trace.Id.Generation, trace.BehaviourWeights)));
        PlanningDomain domain = DomainCatalog.Find("blocksworld")!;
        string prompt = new WordFormat(domain).Prompt(PddlReader.ReadProblem(new SourceText("problem", LiveRun.Problem), domain.Domain).Value!);
        (string text, SampleResult alone) = await Alone.Answer(prompt, 3, maxTokens: 1000);
        Trace first = Assert.Single(traces, trace => trace.Tokens.SequenceEqual(alone.Tokens));
        Assert.Equal(text, first.Text);
        Assert.Equal(alone.LogProbs, first.LogProbs);
        Assert.Equal(alone.SamplingLogProbs, first.SamplingLogProbs);
        Assert.Equal(200, (await served.Gateway.Post("/v1/feedback", $"{{\"id\":\"{id}\",\"verdict\":\"accept\"}}")).Status);
    }

    [Fact]
    public async Task Answers_are_kept_under_ids_of_this_gateway_whatever_the_server_calls_them()
    {
        await using FakeUpstream upstream = await FakeUpstream.Start(200, "application/json", "{\"id\":\"always\",\"n\":1.0,\"choices\":[{\"index\":0,\"message\":{\"content\":\"no plan\",\"reasoning\":\"hm\"},\"finish_reason\":\"stop\"}]}");
        await using Served served = await Serve(upstream.Url, await Run(url: null));

        string[] ids = [(string)(await served.Gateway.Post(Chat, Asking("\"stop\":\"x\""))).Body!["id"]!, (string)(await served.Gateway.Post(Chat, Asking("\"seed\":1"))).Body!["id"]!];

        await using RunStore store = await served.Store();
        Assert.Equal(2, ids.Distinct().Count());
        Assert.Equal(2, await store.Answers());
        Trace trace = Assert.Single(await store.LiveTraces("blocksworld")); // the other may have been cut short
        Assert.Equal(("<think>\nhm\n</think>\n\nno plan", Outcome.Malformed), (trace.Text, trace.Outcome));
        Assert.Empty(trace.LogProbs);
    }

    [Fact]
    public async Task An_answer_is_kept_with_the_tokens_that_its_server_counts()
    {
        await using FakeUpstream upstream = await FakeUpstream.Start(
            200, "application/json", "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"no plan\"},\"finish_reason\":\"length\"}],\"usage\":{\"prompt_tokens\":14,\"completion_tokens\":9}}");
        await using Served served = await Serve(upstream.Url, await Run(url: null));

        Assert.Equal(200, (await served.Gateway.Post(Chat, Asking("\"seed\":1"))).Status);

        await using RunStore store = await served.Store();
        Trace trace = Assert.Single(await store.LiveTraces("blocksworld"));
        Assert.Equal((14, 9, "no end within 9 tokens"), (trace.PromptTokens, trace.AnswerTokens, trace.Message));
    }

    [Theory]
    [InlineData("\"stream\":true", false)]
    [InlineData("\"stream\":true,\"stream_options\":null", false)]
    [InlineData("\"stream\":true,\"stream_options\":{\"include_usage\":false,\"other\":1}", false)]
    [InlineData("\"stream\":true,\"stream_options\":{\"include_usage\":true}", true)]
    public async Task A_streams_server_is_asked_for_its_usage_and_only_clients_that_ask_are_told(string asking, bool isTold)
    {
        await using FakeUpstream upstream = await FakeUpstream.Start(async context =>
        {
            if (context.Request.Path == "/v1/models")
                return;
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"no plan\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":14,\"completion_tokens\":9}}\n\ndata: [DONE]\n\n");
        });
        await using Served served = await Serve(upstream.Url, await Run(url: null));

        GatewayReply reply = await served.Gateway.Post(Chat, Asking(asking));

        JsonNode asked = JsonNode.Parse(upstream.Asked.Single(request => request.Line.StartsWith("POST", StringComparison.Ordinal)).Body)!;
        Assert.True((bool)asked["stream_options"]!["include_usage"]!);
        Assert.Equal(asking.Contains("other", StringComparison.Ordinal), asked["stream_options"]!["other"] is not null);
        Assert.Equal(isTold, reply.Text.Contains("prompt_tokens", StringComparison.Ordinal));
        Assert.EndsWith("\n\ndata: [DONE]\n\n", reply.Text, StringComparison.Ordinal);
        await using RunStore store = await served.Store();
        Trace trace = Assert.Single(await store.LiveTraces("blocksworld"));
        Assert.Equal((14, 9), (trace.PromptTokens, trace.AnswerTokens));
    }

    [Fact]
    public async Task A_packed_answer_is_kept_as_any_other()
    {
        var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest))
            packing.Write("{\"choices\":[{\"index\":0,\"message\":{\"content\":\"no plan\"},\"finish_reason\":\"stop\"}]}"u8);
        await using FakeUpstream upstream = await FakeUpstream.Start(200, "application/json", packed.ToArray(), ("Content-Encoding", "gzip"));
        await using Served served = await Serve(upstream.Url, await Run(url: null));

        GatewayReply reply = await served.Gateway.Post(Chat, Asking("\"seed\":1"));

        Assert.Equal("no plan", (string)reply.Body!["choices"]![0]!["message"]!["content"]!);
        await using RunStore store = await served.Store();
        Assert.Equal("no plan", Assert.Single(await store.LiveTraces("blocksworld")).Text);
    }

    [Theory]
    [InlineData("application/json", "{\"error\":{\"message\":\"out of memory\"}}")]
    [InlineData("text/event-stream", "data: {\"error\":{\"message\":\"out of memory\"}}\n\n")]
    public async Task An_error_inside_of_an_answer_is_told_and_nothing_kept(string type, string body)
    {
        await using FakeUpstream upstream = await FakeUpstream.Start(200, type, body);
        await using Served served = await Serve(upstream.Url, await Run(url: null));

        GatewayReply reply = await served.Gateway.Post(Chat, Asking("\"stream\":true"));

        Assert.Contains("out of memory", reply.Text, StringComparison.Ordinal);
        Assert.Contains("upstream_failed", reply.Text, StringComparison.Ordinal);
        await using RunStore store = await served.Store();
        Assert.Equal(0, await store.Answers());
    }

    [Fact]
    public async Task A_stream_that_breaks_off_ends_in_an_error_and_is_not_kept()
    {
        var seen = new TaskCompletionSource();
        await using FakeUpstream upstream = await FakeUpstream.Start(async context =>
        {
            if (context.Request.Path == "/v1/models")
                return;
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("data: {\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"pick\"}}]}\n\n"));
            await context.Response.Body.FlushAsync();
            await seen.Task;
            context.Abort();
        });
        await using Served served = await Serve(upstream.Url, await Run(url: null));
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(served.Gateway.Url, Chat)) { Content = new StringContent(Asking("\"stream\":true"), Encoding.UTF8, "application/json") };
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var stream = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Contains("pick", await stream.ReadLineAsync(), StringComparison.Ordinal);
        seen.SetResult();
        string rest = await stream.ReadToEndAsync();

        Assert.Contains("upstream_failed", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", rest, StringComparison.Ordinal);
        await using RunStore store = await served.Store();
        Assert.Equal(0, await store.Answers());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no json")]
    [InlineData("{\"choices\":[{\"index\":5,\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}")]
    [InlineData("{\"choices\":[{\"index\":0,\"message\":{\"content\":7},\"finish_reason\":\"stop\"}]}")]
    [InlineData("{\"choices\":[{\"index\":0,\"message\":{\"content\":\"x\"}}]}")]
    [InlineData("{\"choices\":[{\"index\":0,\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\",\"logprobs\":{\"content\":[{\"logprob\":-1e999}]}}]}")]
    [InlineData("{\"choices\":[{\"index\":0,\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1e99}}")]
    public async Task What_is_no_answer_is_502_and_not_kept(string body)
    {
        await using FakeUpstream upstream = await FakeUpstream.Start(200, "application/json", body);
        await using Served served = await Serve(upstream.Url, await Run(url: null));

        GatewayReply reply = await served.Gateway.Post(Chat, Asking("\"seed\":1"));

        Assert.Equal((502, "upstream_unreadable"), (reply.Status, (string)reply.Body!["error"]!["code"]!));
        await using RunStore store = await served.Store();
        Assert.Equal(0, await store.Answers());
    }

    [Fact]
    public async Task A_stream_that_does_not_end_is_cut_off_and_not_kept()
    {
        await using FakeUpstream upstream = await FakeUpstream.Start(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.WriteAsync("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"more\"}}]}\n\n");
        });
        await using Served served = await Serve(new UpstreamOptions([upstream.Url], null) { LongestAnswer = 100_000 }, await Run(url: null));

        GatewayReply reply = await served.Gateway.Post(Chat, Asking("\"stream\":true"));

        Assert.Contains("has more than 100000 bytes", reply.Text, StringComparison.Ordinal);
        await using RunStore store = await served.Store();
        Assert.Equal(0, await store.Answers());
    }

    private static string Asking(string members) =>
        $"{{\"model\":\"base\",{members},\"messages\":[{{\"role\":\"user\",\"content\":{JsonValue.Create(LiveRun.Problem).ToJsonString()}}}]}}";

    /// <summary>A run whose model is on a server; without one, only its settings and an empty store.</summary>
    private async Task<string> Run(Uri? url)
    {
        string path = _folder.File("served");
        var settings = new RunSettings { Tasks = 2, HeldOut = 1, Larger = 1, Generations = 0, Policy = "openai:base", Prompt = new PromptSettings { Template = url is null ? new PromptSettings().Template : "words" } };
        if (url is not null)
        {
            await SmallRun.Execute(path, settings, new ServerOptions { BaseUrls = [url] });
            return path;
        }

        using RunFolder folder = RunFolder.Create(path, settings);
        BaseModel.EnsureIn(folder);
        return path;
    }

    private static Task<Served> Serve(Uri upstream, string run) => Serve(new UpstreamOptions([upstream], null), run);

    private static async Task<Served> Serve(UpstreamOptions upstream, string run)
    {
        LiveRecorder recorder = await LiveRecorder.Open(run, TimeProvider.System, default);
        var pool = new UpstreamPool(upstream, TimeProvider.System);
        return new Served(run, recorder, await BaseGateway.Start(pool, models: false, recorder, new UpstreamGenerations(run)));
    }

    private sealed record Served(string Run, LiveRecorder Recorder, BaseGateway Gateway) : IAsyncDisposable
    {
        public Task<RunStore> Store() => RunStore.Open(RunFolder.StoreOf(Run), default);

        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await Recorder.DisposeAsync();
        }
    }
}
