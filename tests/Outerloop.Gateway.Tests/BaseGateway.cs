using System.Text;
using Outerloop.Gateway.Models;
using Outerloop.Policies;

namespace Outerloop.Gateway.Tests;

/// <summary>A gateway on a free port that serves the bundled base as <c>base</c>, and a plain client of it.</summary>
internal sealed class BaseGateway : IAsyncDisposable
{
    private readonly GatewayServer _server;

    private BaseGateway(GatewayServer server) => _server = server;

    public Uri Url => _server.Url;

    public HttpClient Client { get; } = new();

    public static async Task<BaseGateway> Start(int mostAnswers = 256)
    {
        var folders = new FolderModels(TimeProvider.System);
        Assert.True(folders.TryAdd("base", BaseModel.Bundled));
        var options = new GatewayOptions { Port = 0, MostAnswers = mostAnswers, LongestBody = 1 << 16, LoadsModels = true, Threads = 2 };
        return new BaseGateway(await GatewayServer.Start(options, folders, [], new GatewaySurroundings(TimeProvider.System, new Progress<string>()), CancellationToken.None));
    }

    public async Task<HttpResponseMessage> Post(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Client.PostAsync(new Uri($"{Url}/{path}"), content);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }
}
