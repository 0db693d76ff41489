using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Outerloop.Gateway;
using Outerloop.Gateway.Models;

namespace Outerloop.Cli.Tests.Serving;

/// <summary>Which requests are held, and whether before or after the server has answered them.</summary>
internal sealed record Held(string Path, int Number, bool Answered = false);

/// <summary>
/// A gateway with the bundled base behind a door that holds one request until whoever sent it is gone: then the sender is
/// known to be in the phase of that request.
/// </summary>
internal sealed class HoldingServer : IAsyncDisposable
{
    private readonly TaskCompletionSource _holds = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly GatewayServer _gateway;
    private readonly WebApplication _door;
    private readonly HttpClient _http = new();
    private readonly Held? _held;
    private int _requests;

    private HoldingServer(GatewayServer gateway, Held? held)
    {
        _gateway = gateway;
        _held = held;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _door = builder.Build();
        _door.Run(Pass);
    }

    public Uri Url => new(_door.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/v1");

    /// <summary>Ends when the request that is to be held is here, or answered.</summary>
    public Task Holds => _holds.Task;

    /// <param name="held">Null to hold none.</param>
    public static async Task<HoldingServer> Start(Held? held = null)
    {
        var folders = new FolderModels(TimeProvider.System);
        folders.TryAdd("base", ServedRuns.Base);
        var options = new GatewayOptions { Port = 0, LoadsModels = true, Threads = 1 };
        var gateway = await GatewayServer.Start(options, folders, [], new GatewaySurroundings(TimeProvider.System, new Progress<string>()), default);
        var server = new HoldingServer(gateway, held);
        await server._door.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _gateway.DisposeAsync();
        _http.Dispose();
    }

    private async Task Pass(HttpContext context)
    {
        bool holds = _held is not null && context.Request.Path == _held.Path && Interlocked.Increment(ref _requests) == _held.Number;
        if (holds && !_held!.Answered)
            await Hold(context);
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(_gateway.Url, context.Request.Path));
        if (HttpMethods.IsPost(context.Request.Method))
            request.Content = new StringContent(await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted), Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _http.SendAsync(request, context.RequestAborted);
        byte[] body = await answer.Content.ReadAsByteArrayAsync(context.RequestAborted);
        if (holds)
            await Hold(context);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private Task Hold(HttpContext context)
    {
        _holds.TrySetResult();
        return Task.Delay(Timeout.Infinite, context.RequestAborted);
    }
}
