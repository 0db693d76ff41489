using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Outerloop.Policies.Servers;

namespace Outerloop.Tests.Policies.Servers;

/// <summary>
/// A server with OpenAI's chat completions that answers Blocksworld by the teacher, two tasks of three rightly, and
/// does mischief where it is told to.
/// </summary>
internal sealed class PlanServer : IAsyncDisposable
{
    public const string Model = "planner-1";

    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.Ordinal);
    private WebApplication _app;
    private string? _otherId;
    private int _requests, _restarting, _underWay, _hung;

    private PlanServer(WebApplication app) => _app = app;

    public Uri Url { get; private set; } = null!;

    /// <summary>What to do to a question, by the name of its problem and how often that was asked before.</summary>
    public Func<string, int, Mischief> Mischief { get; set; } = (_, _) => Servers.Mischief.None;

    /// <summary>Dies at this request, and is back a little later.</summary>
    public int? DiesAt { get; init; }

    /// <summary>Also adapters, once they are loaded.</summary>
    public List<string> Models { get; } = [Model];

    /// <summary>Models that came otherwise than over the wire.</summary>
    public Func<IEnumerable<string>> AlsoListed { get; set; } = () => [];

    /// <summary>How often an adapter was loaded.</summary>
    public int Loads { get; private set; }

    public bool ListsModels { get; init; } = true;

    /// <summary>What the models stand for, in the list of models.</summary>
    public string? Root { get; set; }

    /// <summary>Answers as the base whatever is loaded.</summary>
    public bool IgnoresAdapters { get; set; }

    /// <summary>How often a server's use of an adapter was asked for; these are no questions of a run.</summary>
    public int Canaries { get; private set; }

    /// <summary>So many of the first questions that adapters are tried with are refused as too many.</summary>
    public int BusyCanaries { get; set; }

    /// <summary>More at a time are refused as too many.</summary>
    public int MostAtATime { get; set; } = int.MaxValue;

    public string OwnedBy { get; init; } = "vllm";

    public ConcurrentQueue<JsonObject> Bodies { get; } = new();

    public int Requests => _requests;

    /// <summary>Requests that ever began to hang.</summary>
    public int Hung => _hung;

    public static async Task<PlanServer> Start(int? diesAt = null, string ownedBy = "vllm", bool listsModels = true)
    {
        var server = new PlanServer(null!) { DiesAt = diesAt, OwnedBy = ownedBy, ListsModels = listsModels };
        await server.Listen(0);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IEnumerable<string> Served => Models.Concat(AlsoListed());

    private async Task Listen(int port)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        _app = builder.Build();
        if (ListsModels)
            _app.MapGet("/v1/models", () => Results.Json(new { data = Served.Select(id => new { id, owned_by = OwnedBy, root = Root }) }));
        _app.MapGet("/version", () => Results.Json(new { version = "0.11.0" }));
        _app.MapPost("/v1/load_lora_adapter", async context => await (await Load(context)).ExecuteAsync(context));
        _app.MapPost("/v1/chat/completions", Answer);
        await _app.StartAsync();
        Url = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/v1");
    }

    private async Task<IResult> Load(HttpContext context)
    {
        JsonObject body = (await JsonSerializer.DeserializeAsync<JsonObject>(context.Request.Body))!;
        if (!Directory.Exists((string)body["lora_path"]!))
            return Results.Json(new { error = new { message = "no such adapter" } }, statusCode: 404);
        Loads++;
        Models.Add((string)body["lora_name"]!);
        return Results.Text("Success");
    }

    private async Task Answer(HttpContext context)
    {
        JsonObject body = (await JsonSerializer.DeserializeAsync<JsonObject>(context.Request.Body))!;
        if ((int?)body["max_tokens"] == AdapterCanary.Tokens)
        {
            if (++Canaries <= BusyCanaries)
            {
                await Refuse(context, 429, null);
                return;
            }

            var song = PlanAnswer.To(body, context.Request.Headers["X-Request-Id"].ToString());
            await Write(context, 200, (IgnoresAdapters ? song with { LogProb = PlanAnswer.LogProbOf(Model) } : song).Json());
            return;
        }

        if (Interlocked.Increment(ref _requests) == DiesAt && Interlocked.Exchange(ref _restarting, 1) == 0)
            _ = Restart();
        if (!Served.Contains((string)body["model"]!))
        {
            await Write(context, 404, "{\"error\":{\"message\":\"no such model\"}}");
            return;
        }

        Bodies.Enqueue(body);
        bool tooMany = Interlocked.Increment(ref _underWay) > MostAtATime;
        if (MostAtATime < int.MaxValue)
            await Task.Delay(20);
        Interlocked.Decrement(ref _underWay);
        if (tooMany)
        {
            await Refuse(context, 429, null);
            return;
        }

        var answer = PlanAnswer.To(body, context.Request.Headers["X-Request-Id"].ToString());
        int before = _asked.AddOrUpdate(answer.Problem, 0, (_, count) => count + 1);
        await Do(Mischief(answer.Problem, before), context, answer);
        _otherId = answer.Id;
    }

    private async Task Restart()
    {
        int port = Url.Port;
        using var atOnce = new CancellationTokenSource(0);
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        await Task.Delay(200);
        await Listen(port);
    }

    private Task Do(Mischief mischief, HttpContext context, PlanAnswer answer) => mischief switch
    {
        Servers.Mischief.None => Write(context, 200, answer.Json()),
        Servers.Mischief.Hang => Hang(context),
        Servers.Mischief.Reset => Cut(context, answer.Json()),
        Servers.Mischief.BusyForAMoment => Refuse(context, 429, "0"),
        Servers.Mischief.Busy => Refuse(context, 429, null),
        Servers.Mischief.Broken => Refuse(context, 500, null),
        Servers.Mischief.Malformed => Write(context, 200, "{\"choices\": [{\"message\": "),
        Servers.Mischief.NotJson => Write(context, 200, "<html><body>bad gateway</body></html>"),
        Servers.Mischief.WrongModel => Write(context, 200, answer.Json(json => json["model"] = "someone-else")),
        Servers.Mischief.NoChoices => Write(context, 200, answer.Json(json => json["choices"] = new JsonArray())),
        Servers.Mischief.HalfACharacter => Write(context, 200, [.. Encoding.UTF8.GetBytes(answer.Json()[..^40]), 0xE2, 0x82]),
        Servers.Mischief.InvalidUtf8 => Write(context, 200, [.. Encoding.UTF8.GetBytes(answer.Json()).Select(value => value == (byte)'(' ? (byte)0xFF : value)]),
        Servers.Mischief.Enormous => Write(context, 200, answer.Json(json => json["choices"]![0]!["message"]!["content"] = new string('x', 10_000_000))),
        Servers.Mischief.AnothersAnswer => Write(context, 200, answer.Json(json => json["id"] = _otherId ?? $"{answer.Id[..^8]}ffffffff")),
        Servers.Mischief.NoRoom => Write(context, 400, "{\"error\":{\"message\":\"This model's maximum context length is 10 tokens\",\"code\":400}}"),
        Servers.Mischief.BadKey => Refuse(context, 401, null),
        Servers.Mischief.Unprocessable => Write(context, 422, "{\"error\":{\"message\":\"seed is not supported\"}}"),
        _ => throw new InvalidOperationException($"{mischief}"),
    };

    private Task Hang(HttpContext context)
    {
        Interlocked.Increment(ref _hung);
        return Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private static Task Write(HttpContext context, int status, string body) => Write(context, status, Encoding.UTF8.GetBytes(body));

    private static async Task Write(HttpContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static async Task Cut(HttpContext context, string body)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    private static Task Refuse(HttpContext context, int status, string? retryAfter)
    {
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        return Write(context, status, "{\"error\":{\"message\":\"not now\",\"type\":\"server\",\"param\":null,\"code\":null}}");
    }
}
