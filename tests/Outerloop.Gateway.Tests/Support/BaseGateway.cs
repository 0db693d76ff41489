using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Outerloop.Gateway.Keys;
using Outerloop.Gateway.Models;
using Outerloop.Gateway.Upstreams;
using Outerloop.Live;

namespace Outerloop.Gateway.Tests.Support;

/// <summary>A gateway in this process, at a free port, with the bundled base.</summary>
internal sealed class BaseGateway : IAsyncDisposable
{
    public const string Model = "base";

    /// <summary>Worker threads of each model.</summary>
    public const int Threads = 2;

    /// <summary>A prompt in the model's own words, to which it knows an answer.</summary>
    public const string Words = "<init> on b1 b2 on-table b2 clear b1 arm-empty <goal> on b2 b1 <plan>";

    private readonly GatewayServer _server;
    private readonly HttpClient _http = new();
    private UpstreamPool? _pool;
    private int _ended;

    private BaseGateway(GatewayServer server, ConcurrentQueue<string> notices)
    {
        _server = server;
        Notices = notices;
    }

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "models", "base");

    public Uri Url => _server.Url;

    /// <summary>What its owner is told of.</summary>
    public ConcurrentQueue<string> Notices { get; }

    public static Task<BaseGateway> Start(int mostAnswers = 256, bool loadsModels = false, params IModelSource[] others) =>
        Start(new GatewayOptions { MostAnswers = mostAnswers, LoadsModels = loadsModels }, recorder: null, others);

    public static Task<BaseGateway> Start(LiveRecorder recorder, params IModelSource[] others) => Start(new GatewayOptions(), recorder, others);

    public static Task<BaseGateway> Start(ApiKeys keys) => Start(new GatewayOptions(), recorder: null, [], keys);

    /// <param name="pool">Other servers; the gateway's to dispose of here.</param>
    /// <param name="models">Whether it has the bundled base too.</param>
    /// <param name="recorder">Keeps the answers.</param>
    /// <param name="generations">Of the run.</param>
    public static Task<BaseGateway> Start(UpstreamPool pool, bool models = true, LiveRecorder? recorder = null, UpstreamGenerations? generations = null) =>
        Start(new GatewayOptions(), new GatewaySurroundings(TimeProvider.System, null!) { Upstreams = pool, Recorder = recorder, Generations = generations }, [], models);

    public static Task<BaseGateway> Start(GatewayOptions options, LiveRecorder? recorder, IModelSource[] others, ApiKeys? keys = null) =>
        Start(options, new GatewaySurroundings(TimeProvider.System, null!) { Recorder = recorder, Keys = keys }, others);

    private static async Task<BaseGateway> Start(GatewayOptions options, GatewaySurroundings around, IModelSource[] others, bool models = true)
    {
        var notices = new ConcurrentQueue<string>();
        var folders = new FolderModels(TimeProvider.System);
        if (models)
            folders.TryAdd(Model, Folder);
        GatewayServer server = await GatewayServer.Start(options with { Port = 0, Threads = Threads }, folders, others, around with { Notices = new Said(notices) }, default);
        return new BaseGateway(server, notices) { _pool = around.Upstreams };
    }

    /// <summary>Also twice: a test may want to see it end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        _http.Dispose();
        await _server.DisposeAsync();
        _pool?.Dispose();
    }

    public Task<GatewayReply> Get(string path) => Reply(_http.GetAsync(new Uri(Url, path)));

    /// <param name="path">From the server's root.</param>
    /// <param name="body">Sent as JSON, whatever it is.</param>
    public Task<GatewayReply> Post(string path, string body) => Post(path, Encoding.UTF8.GetBytes(body));

    public async Task<GatewayReply> Post(string path, byte[] body, string type = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Url, path))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } },
        };
        request.Headers.ExpectContinue = body.Length > 1 << 20; // else a refusal can be lost while the body is still being sent
        return await Reply(_http.SendAsync(request));
    }

    /// <summary>Answers that are under way.</summary>
    public async Task<int> UnderWay() => (await Get("/healthz")).Body!["answers"]!.GetValue<int>();

    private static async Task<GatewayReply> Reply(Task<HttpResponseMessage> asked)
    {
        using HttpResponseMessage response = await asked;
        string text = await response.Content.ReadAsStringAsync();
        bool json = response.Content.Headers.ContentType?.MediaType == "application/json";
        return new GatewayReply((int)response.StatusCode, response.Headers.RetryAfter?.Delta, text, json ? JsonNode.Parse(text) : null);
    }

    private sealed class Said(ConcurrentQueue<string> notices) : IProgress<string>
    {
        public void Report(string value) => notices.Enqueue(value);
    }
}

/// <param name="RetryAfter">When to ask again, where the server says.</param>
/// <param name="Body">The text as JSON; null if it is sent as something else.</param>
internal sealed record GatewayReply(int Status, TimeSpan? RetryAfter, string Text, JsonNode? Body);
