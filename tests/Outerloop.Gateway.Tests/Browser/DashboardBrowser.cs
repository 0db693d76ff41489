using Microsoft.Playwright;
using Outerloop.Configuration;
using Outerloop.Gateway.Models;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Live;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Gateway.Tests.Browser;

/// <summary>
/// Two small real runs with the bundled base (<see cref="Run"/>, finished, whose models are served; <see cref="Interrupted"/>, stopped
/// while generation 0 is deployed), a gateway that shows them, and a browser. One for all tests of the collection; nothing is
/// started where there is no browser.
/// </summary>
public sealed class DashboardBrowser : IAsyncLifetime, IDisposable
{
    public const string Collection = "dashboard in a browser", Run = "small", Interrupted = "interrupted";

    /// <summary>What a model could write to harm those who read it: a formula, markup, and what steers a terminal or turns text around.</summary>
    public const string HostileText = "=1+1<script>document.title = 'harmed'</script><img src=x onerror=\"document.title = 'harmed'\">\u001b[31mred\u001b[0m\u0007 \u202edlo";

    private readonly TemporaryFolder _folder = new();
    private LiveRecorder? _recorder;
    private GatewayServer? _server;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Of the gateway, with a slash at its end.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>A trace with <see cref="HostileText"/> as its answer and in the verifier's message.</summary>
    internal static TraceId Hostile { get; } = new(0, new TaskId("blocksworld", TaskSet.Pool, 0), SampleMode.Extra, 0);

    private static RunSettings Settings { get; } = new()
    {
        Domains = ["blocksworld", "rovers", "sokoban"],
        Tasks = 150,
        HeldOut = 40,
        Larger = 10,
        Generations = 3,
        Policy = $"local:{BaseGateway.Folder}",
    };

    internal string PathOf(string run) => _folder.File(run);

    public async Task InitializeAsync()
    {
        if (BrowserFactAttribute.Chromium is null)
            return;
        await SmallRun.Execute(PathOf(Run), Settings);
        await AddHostile();
        await SmallRun.Interrupt(PathOf(Interrupted), Settings with { Domains = ["blocksworld"], Tasks = 2000, Generations = 1 }, generation: 0, answers: 10);
        _recorder = await LiveRecorder.Open(PathOf(Run), TimeProvider.System, default);
        var around = new GatewaySurroundings(TimeProvider.System, new Progress<string>()) { Recorder = _recorder };
        var options = new GatewayOptions { Port = 0, Threads = 2, RunsFolder = _folder.Path };
        _server = await GatewayServer.Start(options, new FolderModels(TimeProvider.System), [new RunModels(PathOf(Run))], around, default);
        Url = new Uri(_server.Url, "/");
        await WaitForFigures();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = BrowserFactAttribute.Chromium, Args = ["--no-sandbox"] });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        if (_recorder is not null)
            await _recorder.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A tab of its own, at a page of the dashboard, which writes down what goes wrong in it.</summary>
    /// <param name="path">From the gateway's root.</param>
    /// <param name="width">Of the window, in pixels.</param>
    /// <param name="scheme">Which theme the reader's system wants.</param>
    /// <param name="scripts">False for a browser that runs none.</param>
    internal async Task<WatchedPage> Open(string path, int width = 1280, ColorScheme scheme = ColorScheme.Light, bool scripts = true)
    {
        IBrowserContext context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Url.AbsoluteUri,
            ColorScheme = scheme,
            JavaScriptEnabled = scripts,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
        });
        var watched = new WatchedPage(await context.NewPageAsync());
        await watched.Open(path);
        return watched;
    }

    /// <summary>On a busy machine a page may say at first that they are not there yet; the API waits for them.</summary>
    private async Task WaitForFigures()
    {
        using var http = new HttpClient { BaseAddress = Url };
        string[] slow = [$"runs/{Run}", $"runs/{Interrupted}", $"runs/{Run}/curation?curator=everything", $"compare?first={Run}/blocksworld/0&second={Run}/blocksworld/3"];
        foreach (string path in slow)
            await http.GetStringAsync($"/api/v1/{path}");
    }

    /// <summary>Beyond the run's samples, so that no figure knows of it.</summary>
    private async Task AddHostile()
    {
        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(PathOf(Run)), default);
        Trace like = (await store.Traces("blocksworld", TaskSet.Pool, 0, 0)).First(trace => trace.Outcome == Outcome.Invalid);
        await store.AddTraces([like with { Id = Hostile, Text = HostileText, Outcome = Outcome.Malformed, Reason = "noPlan", Message = HostileText }], [], default);
    }
}

/// <summary>The tests that share it.</summary>
[CollectionDefinition(DashboardBrowser.Collection)]
public sealed class DashboardBrowserCollection : ICollectionFixture<DashboardBrowser>;
