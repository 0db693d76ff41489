using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Outerloop.Configuration;
using Outerloop.Gateway.Models;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Live;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Search;
using Outerloop.Planning.Validation;
using Outerloop.Prompting;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Gateway.Tests.Browser;

/// <summary>
/// A small run with answers to play: of each domain a plan that the planner found, and the same plan broken, so that a step after
/// the first cannot be taken. A gateway shows it, serves its models, and another that never ends an answer.
/// </summary>
public sealed class PlayedRun : IAsyncLifetime, IDisposable
{
    public const string Run = "played";

    public static readonly string[] Domains = ["blocksworld", "rovers", "sokoban"];

    private readonly TemporaryFolder _folder = new();
    private readonly EndlessModel _endless = new();
    private LiveRecorder? _recorder;
    private GatewayServer? _server;
    private HttpClient? _http;

    public static TheoryData<string> AllDomains => [.. Domains];

    /// <summary>Of the gateway, with a slash at its end.</summary>
    public Uri Url { get; private set; } = null!;

    private string Path => _folder.File(Run);

    public async Task InitializeAsync()
    {
        if (BrowserFactAttribute.Chromium is null)
            return;
        Assertions.SetDefaultExpectTimeout(60_000); // a machine that tests share can be slow
        var settings = new RunSettings
        {
            Domains = [.. Domains],
            Tasks = 6,
            HeldOut = 3,
            Larger = 1,
            Generations = 0,
            Policy = $"local:{BaseGateway.Folder}",
        };
        await SmallRun.Execute(Path, settings);
        foreach (string domain in Domains)
            await AddAnswers(DomainCatalog.Find(domain)!);
        _recorder = await LiveRecorder.Open(Path, TimeProvider.System, default);
        var around = new GatewaySurroundings(TimeProvider.System, new Progress<string>()) { Recorder = _recorder };
        var options = new GatewayOptions { Port = 0, Threads = 2, Runs = [Path] };
        _server = await GatewayServer.Start(options, new FolderModels(TimeProvider.System), [new RunModels(Path), _endless], around, default);
        Url = new Uri(_server.Url, "/");
        _http = new HttpClient { BaseAddress = Url };
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_recorder is not null)
            await _recorder.DisposeAsync();
    }

    public void Dispose()
    {
        _http?.Dispose();
        _endless.Dispose();
        _folder.Dispose();
    }

    /// <summary>The address of a trace's page.</summary>
    internal string PageOf(string domain, bool broken) => $"{Url}runs/{Run}/traces/{IdOf(domain, broken)}";

    /// <summary>What the gateway says of its plan.</summary>
    internal async Task<JsonNode> StatesOf(string domain, bool broken) => await Get($"/api/v1/runs/{Run}/traces/{IdOf(domain, broken)}/states");

    internal async Task<JsonNode> Get(string path) => JsonNode.Parse(await _http!.GetStringAsync(path))!;

    internal Task<RunStore> OpenStore() => RunStore.Open(RunFolder.StoreOf(Path), default);

    private static TraceId IdOf(string domain, bool broken) => new(0, new TaskId(domain, TaskSet.Pool, 0), SampleMode.Extra, broken ? 1 : 0);

    private async Task AddAnswers(PlanningDomain domain)
    {
        await using RunStore store = await OpenStore();
        var task = new TaskId(domain.Name, TaskSet.Pool, 0);
        Problem problem = PlanningTask.Read(task, (await store.Problem(task))!, domain.Domain).Problem;
        Plan plan = Planner.Solve(problem).Plan!;
        (Plan broken, Verdict verdict) = Broken(plan, new PlanValidator(problem));
        Trace like = (await store.Traces(domain.Name, TaskSet.Pool, 0, 0))[0] with { Tokens = [], LogProbs = [], SamplingLogProbs = [] };
        Trace valid = like with
        {
            Id = IdOf(domain.Name, broken: false),
            Text = WordFormat.Print(plan),
            Outcome = Outcome.Valid,
            Accepted = true,
            GoalShare = 1,
            PlanSteps = plan.Length,
            Reason = null,
            Message = null,
            FailingStep = null,
        };
        Trace invalid = valid with
        {
            Id = IdOf(domain.Name, broken: true),
            Text = WordFormat.Print(broken),
            Outcome = Outcome.Invalid,
            Accepted = false,
            GoalShare = 0,
            PlanSteps = broken.Length,
            Reason = verdict.Reason,
            Message = verdict.Message,
            FailingStep = verdict.Step,
        };
        await store.AddTraces([valid, invalid], [], default);
    }

    /// <summary>The plan without its latest step that a later one needs.</summary>
    private static (Plan Plan, Verdict Verdict) Broken(Plan plan, PlanValidator validator) => Enumerable.Range(0, plan.Length).Reverse()
        .Select(i => new Plan(plan.Steps.RemoveAt(i))).Select(shorter => (shorter, validator.Validate(shorter)))
        .First(tried => tried.Item2 is { Reason: Reasons.Precondition, Step: > 1 });
}
