using System.Text.Json.Nodes;
using Outerloop.Configuration;
using Outerloop.Gateway.Models;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Runs;
using Outerloop.Tests.Support;

namespace Outerloop.Gateway.Tests.Dashboard;

/// <summary>The dashboard's JSON, of a small real run.</summary>
public sealed class DashboardApiTests : IAsyncLifetime, IDisposable
{
    private const string Run = "/api/v1/runs/small";

    private static readonly RunSettings Settings = new()
    {
        Tasks = 60,
        HeldOut = 4,
        Larger = 2,
        Generations = 1,
        Policy = $"local:{BaseGateway.Folder}",
        Trainer = new TrainerSettings { MinSteps = 1, Epochs = 1 },
    };

    private readonly TemporaryFolder _folder = new();
    private GatewayServer _server = null!;
    private HttpClient _http = null!;
    private RunSummary _summary = null!;

    public async Task InitializeAsync()
    {
        _summary = await SmallRun.Execute(_folder.File("small"), Settings);
        var options = new GatewayOptions { Port = 0, Threads = 1, RunsFolder = _folder.Path };
        _server = await GatewayServer.Start(options, new FolderModels(TimeProvider.System), [], new GatewaySurroundings(TimeProvider.System, new Progress<string>()), default);
        _http = new HttpClient { BaseAddress = new Uri(_server.Url, "/") };
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_runs_summary_has_the_figures_of_its_report()
    {
        JsonNode summary = await Get(Run);

        Assert.Equal("small", (await Get("/api/v1/runs"))["runs"]![0]!["name"]!.GetValue<string>());
        JsonArray generations = summary["domains"]![0]!["generations"]!.AsArray();
        Assert.Equal(_summary.Domains[0].Generations.Select(row => (row.Solved, row.Weights)), generations.Select(row => (row!["solved"]!.GetValue<int>(), row["weights"]!.GetValue<string>())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("&generation=1")]
    [InlineData("&domain=blocksworld&set=pool&outcome=invalid")]
    [InlineData("&leastSteps=3&mostSteps=9")]
    [InlineData("&text=unstack")]
    [InlineData("&text=no+such+words")]
    public async Task Pages_put_together_are_everything_exactly_once_however_long_they_are(string filter)
    {
        string[] whole = await All(filter, limit: 500);

        Assert.Equal(filter.Contains("no+such", StringComparison.Ordinal), whole.Length == 0);
        Assert.Equal(whole.Length, whole.Distinct().Count());
        foreach (int limit in (int[])[1, 7, 60])
            Assert.Equal(whole, await All(filter, limit));
        if (filter.Length == 0)
            Assert.Equal(2 * (60 + (4 * 4) + 2), whole.Length);
    }

    [Theory]
    [InlineData("/traces?generation=-1", 400, "generation")]
    [InlineData("/traces?generation=1e9", 400, "generation")]
    [InlineData("/traces?outcome=7", 400, "outcome")]
    [InlineData("/traces?limit=0", 400, "limit")]
    [InlineData("/traces?limit=5&limit=6", 400, "limit")]
    [InlineData("/traces?reason=%00", 400, "reason")]
    [InlineData("/tasks/blocksworld/live/0", 404, null)]
    [InlineData("/traces?after='%3B+DROP+TABLE+trace", 400, "after")]
    [InlineData("/traces?domain=../../etc", 400, "domain")]
    [InlineData("/curation?curator=nobody", 400, "curator")]
    [InlineData("/curation?generation=99", 400, "generation")]
    [InlineData("/manifest?generation=x", 400, "generation")]
    [InlineData("/charts/blocksworld-solved?format=exe", 400, "format")]
    [InlineData("/charts/..%2f..%2frun.yaml", 404, "chart")]
    [InlineData("/traces/blocksworld/g9/pool/0/sampled/0", 404, null)]
    [InlineData("/tasks/blocksworld/1/0", 400, "set")]
    public async Task Hostile_parameters_are_refused_by_name(string path, int status, string? param)
    {
        using HttpResponseMessage response = await _http.GetAsync(Run + path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(param, JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["param"]?.GetValue<string>());
    }

    [Theory]
    [InlineData("..")]
    [InlineData("..%2f..%2fetc")]
    [InlineData("%2e%2e%2fsmall")]
    [InlineData("small%20")]
    public async Task No_name_of_a_run_is_a_path(string name)
    {
        using HttpResponseMessage response = await _http.GetAsync($"/api/v1/runs/{name}/health");
        Assert.Equal(404, (int)response.StatusCode);
    }

    [Fact]
    public async Task Everything_comes_under_the_policy_refusals_too()
    {
        foreach (string path in (string[])[Run, Run + "/traces?limit=0", "/api/v1/runs/none"])
        {
            using HttpResponseMessage response = await _http.GetAsync(path);
            Assert.Contains("default-src 'none'; script-src 'self'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        }
    }

    [Fact]
    public async Task The_states_of_a_valid_plan_end_in_its_goal_and_those_of_an_invalid_one_at_its_failing_step()
    {
        JsonNode valid = await States("valid"), invalid = await States("invalid&reason=precondition");

        Assert.Equal("valid", valid["verdict"]!["verdict"]!.GetValue<string>());
        HashSet<string> end = [.. (await Get($"{await Address("valid")}/states/{valid["steps"]!.AsArray().Count}"))["facts"]!.AsArray().Select(Fact)];
        Assert.All(valid["goal"]!["facts"]!.AsArray().Select(Fact), fact => Assert.Contains(fact, end));
        int failing = invalid["failing"]!["step"]!.GetValue<int>();
        Assert.Equal(failing - 1, invalid["steps"]!.AsArray().Count);
        int planned = (await Get(await Address("invalid&reason=precondition")))["summary"]!["planSteps"]!.GetValue<int>();
        Assert.Equal((0, planned - failing), (valid["behind"]!.AsArray().Count, invalid["behind"]!.AsArray().Count));
        HashSet<string> before = [.. (await Get($"{await Address("invalid&reason=precondition")}/states/{failing - 1}"))["facts"]!.AsArray().Select(Fact)];
        Assert.NotEmpty(invalid["verdict"]!["unmet"]!.AsArray());
        Assert.All(invalid["verdict"]!["unmet"]!.AsArray(), part => Assert.NotEqual(part!["wanted"]!.GetValue<bool>(), before.Contains(Fact(part["fact"]))));
    }

    [Fact]
    public async Task The_runs_own_curator_replayed_keeps_what_it_kept()
    {
        JsonNode own = await Get(Run + "/curation"), longest = await Get(Run + "/curation?curator=everything");

        Assert.Equal((0, 0), (own["gained"]!["traces"]!.GetValue<int>(), own["lost"]!["traces"]!.GetValue<int>()));
        Assert.True(own["kept"]!["traces"]!.GetValue<int>() > 0);
        Assert.Equal(60, longest["other"]!["traces"]!.GetValue<int>());
        JsonArray manifest = (await Get(Run + "/manifest?generation=1"))["traces"]!.AsArray();
        Assert.Equal(own["own"]!["traces"]!.GetValue<int>(), manifest.Count);
        JsonNode trace = await Get($"{Run}/traces/{manifest[0]!.GetValue<string>()}");
        Assert.Equal([1], trace["learntBy"]!.AsArray().Select(number => number!.GetValue<int>()));
    }

    [Fact]
    public async Task Compare_lineage_health_and_charts_are_of_the_run()
    {
        JsonNode comparison = await Get("/api/v1/compare?first=small/blocksworld/0&second=small/blocksworld/1");
        JsonNode pool = comparison["measures"]!.AsArray().Single(measure => measure!["measure"]!.GetValue<string>() == "pool")!;
        Assert.Equal(pool["difference"]!["won"]!.GetValue<int>(), pool["won"]!.AsArray().Count);
        Assert.Equal(0, (await Get(Run + "/lineage"))["generations"]![1]!["parent"]!.GetValue<int>());
        Assert.Empty((await Get(Run + "/health"))["domains"]![0]!["failures"]!.AsArray());
        Assert.Equal(["generation", "series", "share", "low", "high"], (await Get(Run + "/charts/blocksworld-solved"))["columns"]!.AsArray().Select(column => column!.GetValue<string>()));
        Assert.StartsWith("generation,series,share,low,high\r\n", await _http.GetStringAsync(Run + "/charts/blocksworld-solved?format=csv"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_comes_as_an_event()
    {
        using var stream = new StreamReader(await _http.GetStreamAsync(Run + "/progress"));
        JsonNode told = JsonNode.Parse((await stream.ReadLineAsync())!["data: ".Length..])!;
        Assert.Equal(("finished", 1), (told["state"]!.GetValue<string>(), told["domains"]![0]!["generation"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("unstack b1 b2", "invalid", 1)]
    [InlineData("unstack b1 b2 putdown b1 pickup b2 stack b2 b1", "valid", 4)]
    [InlineData("(unstack b1 b2) (putdown b1)", "invalid", 2)]
    [InlineData("stack b1 b2", "invalid", 0)]
    public async Task A_plan_is_judged_as_far_as_it_is_written(string plan, string verdict, int taken)
    {
        const string Problem = "(define (problem p) (:domain blocksworld) (:objects b1 b2) (:init (arm-empty) (on b1 b2) (clear b1) (on-table b2)) (:goal (on b2 b1)))";
        using var body = new StringContent(new JsonObject { ["problem"] = Problem, ["plan"] = plan }.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _http.PostAsync("/api/v1/validate", body);

        JsonNode states = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal((verdict, taken), (states["verdict"]!["verdict"]!.GetValue<string>(), states["steps"]!.AsArray().Count));
    }

    private static string Fact(JsonNode? fact) => string.Join(' ', fact!.AsArray().Select(word => word!.GetValue<string>()));

    private async Task<string> Address(string outcome) =>
        $"{Run}/traces/{(await Get($"{Run}/traces?limit=1&outcome={outcome}"))["traces"]![0]!["id"]!.GetValue<string>()}";

    private async Task<JsonNode> States(string outcome) => await Get(await Address(outcome) + "/states");

    private async Task<string[]> All(string filter, int limit)
    {
        var ids = new List<string>();
        string? next = null;
        do
        {
            JsonNode page = await Get($"{Run}/traces?limit={limit}{filter}{(next is null ? "" : $"&after={next}")}");
            ids.AddRange(page["traces"]!.AsArray().Select(trace => trace!["id"]!.GetValue<string>()));
            next = page["next"]?.GetValue<string>();
        }
        while (next is not null);
        return [.. ids];
    }

    private async Task<JsonNode> Get(string path) => JsonNode.Parse(await _http.GetStringAsync(path))!;
}
