using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Outerloop.Gateway.Keys;
using Outerloop.Gateway.Models;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Live;
using Outerloop.Tests.Support;

namespace Outerloop.Gateway.Tests.Hostile;

/// <summary>What lies outside is not reached, nobody gets in without a key, and the key is nowhere afterwards.</summary>
public sealed class ClosedDoorTests : IAsyncLifetime, IDisposable
{
    private const string Outside = "this lies outside";

    private readonly TemporaryFolder _folder = new();
    private readonly (string Key, string Hash) _key = ApiKeys.New();
    private string _run = "";
    private ApiKeys _keys = null!;
    private LiveRecorder _recorder = null!;
    private BaseGateway _gateway = null!;

    private static readonly string[] All =
    [
        "/", "/assets/", "/assets/x.js", "/v1/models", "/v1/models/base", "/v1/feedback", "/v1/completions", "/v1/chat/completions", "/v1/load_lora_adapter", "/api/v1/runs",
        "/api/v1/runs/short", "/api/v1/runs/short/charts", "/api/v1/runs/short/charts/solved", "/api/v1/runs/short/traces", "/api/v1/runs/short/traces/blocksworld/0/pool/0/sampled/0",
        "/api/v1/runs/short/traces/blocksworld/0/pool/0/sampled/0/states/1", "/api/v1/runs/short/tasks/blocksworld/pool/0", "/api/v1/runs/short/curation", "/api/v1/runs/short/lineage",
        "/api/v1/runs/short/manifest", "/api/v1/runs/short/health", "/api/v1/runs/short/progress", "/api/v1/compare", "/api/v1/validate", "/nothing",
    ];

    public static TheoryData<string> Routes => [.. All];

    public static TheoryData<string> Ways => ["..%2f..%2foutside", "..%2F..%2Foutside", "%2e%2e/%2e%2e/outside", "../../outside", "..\\..\\outside", "..%5c..%5coutside", "....//....//outside", "%252e%252e%252foutside", "outside%00", "%00", "%c0%ae%c0%ae/outside", "/etc/passwd", "%2fetc%2fpasswd", "~root", "C:%5cwindows"];

    public async Task InitializeAsync()
    {
        _run = _folder.File("runs/short");
        await SmallRun.Execute(_run, LiveRun.Settings);
        File.WriteAllText(_folder.File("outside"), Outside);
        File.WriteAllText(_folder.File("keys.yaml"), $"- {{name: alice, sha256: {_key.Hash}}}");
        _keys = ApiKeys.Read(_folder.File("keys.yaml"));
        _recorder = await LiveRecorder.Open(_run, TimeProvider.System, default);
        var options = new GatewayOptions { Runs = [_run], RunsFolder = _folder.File("runs"), LoadsModels = true };
        _gateway = await BaseGateway.Start(options, _recorder, [new RunModels(_run)], _keys);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _recorder.DisposeAsync();
    }

    public void Dispose()
    {
        _keys.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task No_route_answers_without_a_key(string route)
    {
        foreach (string header in (string[])["", $"Authorization: Bearer {_key.Key}0\r\n", $"Authorization: Bearer {_key.Hash}\r\n", $"Authorization: Bearer {_key.Key}\r\nAuthorization: Bearer {_key.Key}\r\n", "Authorization: Bearer alice\r\n"])
        {
            foreach (string method in (string[])["GET", "POST", "HEAD", "OPTIONS", "PUT"])
            {
                string answer = await RawClient.Exchange(_gateway.Url, $"{method} {route} HTTP/1.1\r\nHost: localhost\r\n{header}Content-Length: 0\r\nConnection: close\r\n\r\n");
                Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task No_way_leads_outside(string way)
    {
        foreach (string route in All)
        {
            foreach (string path in (string[])[$"{route.TrimEnd('/')}/{way}", route.Replace("short", way, StringComparison.Ordinal), $"{route}?run={way}&a={way}&runs={way}"])
            {
                string answer = await RawClient.Exchange(_gateway.Url, $"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_key.Key}\r\nConnection: close\r\n\r\n".Replace("/progress", "/progres", StringComparison.Ordinal));
                Assert.DoesNotContain(Outside, answer, StringComparison.Ordinal);
                Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
                Assert.DoesNotMatch("^HTTP/1.1 5", answer);
            }
        }
    }

    [Fact]
    public async Task A_key_is_nowhere_but_with_its_user()
    {
        var told = new StringBuilder();
        async Task<string> Ask(string method, string path, string body)
        {
            string answer = await RawClient.Exchange(
                _gateway.Url,
                $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_key.Key}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
            told.Append(answer);
            return answer;
        }

        string asked = await Ask("POST", "/v1/chat/completions", $"{{\"model\":\"short-blocksworld\",\"temperature\":0,\"messages\":[{{\"role\":\"user\",\"content\":\"{LiveRun.Problem}\"}}]}}");
        string id = asked.Split("\"id\":\"")[1].Split('"')[0];
        await Ask("POST", "/v1/feedback", $"{{\"id\":\"{id}\",\"verdict\":\"accept\"}}");
        await Ask("POST", "/v1/completions", "{\"model\":\"short-blocksworld\"}");
        foreach (string route in All.Where(route => !route.EndsWith("progress", StringComparison.Ordinal)))
            await Ask("GET", route, "");
        await _gateway.DisposeAsync();
        await _recorder.DisposeAsync();

        Assert.StartsWith("HTTP/1.1 200", asked, StringComparison.Ordinal);
        told.AppendJoin('\n', _gateway.Notices);
        Assert.DoesNotContain(_key.Key, $"{told}", StringComparison.Ordinal);
        Assert.DoesNotContain(_key.Hash, $"{told}", StringComparison.OrdinalIgnoreCase);
        string[] files = Directory.GetFiles(_folder.File("runs"), "*", SearchOption.AllDirectories);
        await using (var store = new SqliteConnection($"Data Source={Path.Combine(_run, "store.sqlite")};Pooling=False"))
            Assert.Equal(["alice"], await store.QueryAsync<string>("SELECT key_name FROM completion"));
        Assert.DoesNotContain(files, file => Holds(file, _key.Key) || Holds(file, _key.Key["ol-".Length..]) || Holds(file, _key.Hash));
    }

    private static bool Holds(string file, string text) => File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
