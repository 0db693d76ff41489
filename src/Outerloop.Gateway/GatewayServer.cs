using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Outerloop.Gateway.Dashboard;
using Outerloop.Gateway.Endpoints;
using Outerloop.Gateway.Keys;
using Outerloop.Gateway.Models;
using Outerloop.Gateway.OpenAi;
using Outerloop.Gateway.Tasks;
using Outerloop.Gateway.Telemetry;
using Outerloop.Gateway.Upstreams;
using Outerloop.Live;

namespace Outerloop.Gateway;

/// <summary>Models behind OpenAI's API.</summary>
public sealed class GatewayServer : IAsyncDisposable
{
    /// <summary>How long answers that are under way may go on when the gateway stops.</summary>
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly ModelCatalog _models;
    private readonly Admission _admission;
    private readonly GatewayTelemetry _telemetry;
    private readonly RecentTasks _tasks = new();

    private GatewayServer(WebApplication app, ModelCatalog models, Admission admission, TimeProvider clock)
    {
        _app = app;
        _models = models;
        _admission = admission;
        _telemetry = new GatewayTelemetry(clock);
    }

    /// <summary>The API's base, <c>http://127.0.0.1:8000/v1</c> for example.</summary>
    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/v1");

    /// <param name="options">How it is reached and what it bears.</param>
    /// <param name="folders">Models of folders, to which requests may add where the options allow it.</param>
    /// <param name="others">Further models.</param>
    /// <param name="around">What it works with.</param>
    /// <param name="cancellation">Stops the start.</param>
    /// <exception cref="InputException">A model cannot be opened, or the address cannot be listened at.</exception>
    public static async Task<GatewayServer> Start(
        GatewayOptions options, FolderModels folders, IReadOnlyList<IModelSource> others, GatewaySurroundings around, CancellationToken cancellation)
    {
        var models = new ModelCatalog([folders, .. others], options.Threads, around.Clock);
        var server = new GatewayServer(Build(options), models, new Admission(options.MostAnswers), around.Clock);
        try
        {
            foreach (OfferedModel model in await folders.List(cancellation))
                (await models.Use(model, stays: true)).Dispose();
            server.Map(options, folders, around);
            await server._app.StartAsync(cancellation);
            return server;
        }
        catch (Exception problem)
        {
            await server.DisposeAsync();
            if (problem is IOException)
                throw new InputException($"cannot listen at {options.Host}:{options.Port}: {problem.Message}", problem);
            throw;
        }
    }

    public Task<IReadOnlyList<OfferedModel>> List(CancellationToken cancellation) => _models.List(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _models.DisposeAsync();
        _admission.Dispose();
        _tasks.Dispose();
        _telemetry.Dispose();
    }

    private static WebApplication Build(GatewayOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeToStop);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Limit(kestrel.Limits, options);
            kestrel.Listen(AddressOf(options), options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        return builder.Build();
    }

    /// <summary>A client that sends or reads too slowly, or too much, loses its connection and nothing else.</summary>
    private static void Limit(KestrelServerLimits limits, GatewayOptions options)
    {
        limits.MaxConcurrentConnections = options.MostConnections;
        limits.MaxRequestBodySize = options.LongestBody;
        limits.MaxRequestLineSize = 8 << 10;
        limits.MaxRequestHeadersTotalSize = 32 << 10;
        limits.MaxRequestHeaderCount = 100;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
    }

    private static IPAddress AddressOf(GatewayOptions options) => IPAddress.TryParse(options.Host, out IPAddress? address)
        ? address
        : throw new InputException($"--host: '{options.Host}' is no address of this machine, such as 127.0.0.1 or 0.0.0.0");

    /// <summary>A page whose name was made to mean this machine is not of this machine.</summary>
    private static Task RequireThisMachine(HttpContext context, RequestDelegate next)
    {
        string host = context.Request.Host.Host;
        return host == "localhost" || (IPAddress.TryParse(host, out IPAddress? named) && IPAddress.IsLoopback(named))
            ? next(context)
            : throw new ApiException(421, "This server answers to the names of its own machine alone");
    }

    private void Map(GatewayOptions options, FolderModels folders, GatewaySurroundings around)
    {
        _telemetry.Watch(() => _admission.UnderWay, (() => _models.Waiting, () => _models.Count), around.Recorder is { } keeps ? () => keeps.Commits : null);
        _app.Use(new ErrorReplies(around.Notices, _telemetry).Handle);
        if (IPAddress.IsLoopback(AddressOf(options)))
            _app.Use(RequireThisMachine);
        if (around.Keys is { } keys)
            _app.Use(keys.Require);
        _app.UseRouting();
        UpstreamModels? others = around.Upstreams is { } pool ? new UpstreamModels(pool, around.Clock) : null;
        UpstreamPassing? passing = others is null ? null : new UpstreamPassing(around.Upstreams!, others, around.Generations, _admission, around);
        var chat = new CompletionEndpoint(new ChatForm(_tasks), _models, _admission, around, passing, _telemetry);
        var text = new CompletionEndpoint(new TextForm(), _models, _admission, around, passing, _telemetry);
        var models = new ModelEndpoints(_models, folders, others);
        _app.MapPost("/v1/chat/completions", chat.Handle);
        _app.MapPost("/v1/completions", text.Handle);
        _app.MapRead("/v1/models", models.List);
        _app.MapRead("/v1/models/{**name}", models.Show);
        if (around.Recorder is { } recorder)
            _app.MapPost("/v1/feedback", new FeedbackEndpoint(recorder).Handle);
        if (options.LoadsModels)
            _app.MapPost("/v1/load_lora_adapter", models.Load);
        DashboardSite.Map(_app, new RunShelf(options.Runs, options.RunsFolder), around.Clock);
        _app.MapRead("/healthz", context => context.Response.WriteAsJsonAsync(new { status = "ok", answers = _admission.UnderWay }));
    }
}

/// <summary>What the gateway works with and does not decide itself.</summary>
/// <param name="Notices">Is told of what went wrong.</param>
public sealed record GatewaySurroundings(TimeProvider Clock, IProgress<string> Notices)
{
    /// <summary>Keeps the answers; null where none are kept. Not the gateway's to dispose of.</summary>
    public LiveRecorder? Recorder { get; init; }

    /// <summary>Other servers, for models that are not in this process; null for none. Not the gateway's to dispose of.</summary>
    public UpstreamPool? Upstreams { get; init; }

    /// <summary>Which generations of the run are on those servers; null where none are.</summary>
    public UpstreamGenerations? Generations { get; init; }

    /// <summary>Who may ask; null for everybody who can reach it. Not the gateway's to dispose of.</summary>
    public ApiKeys? Keys { get; init; }
}
