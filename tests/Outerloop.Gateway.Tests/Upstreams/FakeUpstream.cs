using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Outerloop.Gateway.Tests.Upstreams;

/// <summary>Another server, which answers as a test wants it and remembers what it was asked.</summary>
internal sealed class FakeUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeUpstream(Func<HttpContext, Task> answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new StreamReader(context.Request.Body, Encoding.Latin1);
            var headers = context.Request.Headers.ToDictionary(header => header.Key, header => $"{header.Value}", StringComparer.OrdinalIgnoreCase);
            Asked.Enqueue(new AskedRequest($"{context.Request.Method} {context.Request.Path}", headers, await body.ReadToEndAsync(context.RequestAborted)));
            await answer(context);
        });
    }

    public ConcurrentQueue<AskedRequest> Asked { get; } = [];

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/v1");

    public static async Task<FakeUpstream> Start(Func<HttpContext, Task> answer)
    {
        var server = new FakeUpstream(answer);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>One that answers everything with the same.</summary>
    public static Task<FakeUpstream> Start(int status, string type, string body, params (string Name, string Value)[] headers) => Start(status, type, Encoding.UTF8.GetBytes(body), headers);

    public static Task<FakeUpstream> Start(int status, string type, byte[] body, params (string Name, string Value)[] headers) => Start(async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        foreach ((string name, string value) in headers)
            context.Response.Headers[name] = value;
        await context.Response.Body.WriteAsync(body);
    });

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <param name="Line">Method and path.</param>
internal sealed record AskedRequest(string Line, IReadOnlyDictionary<string, string> Headers, string Body);
