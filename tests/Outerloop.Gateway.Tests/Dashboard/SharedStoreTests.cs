using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Npgsql;
using Outerloop.Configuration;
using Outerloop.Gateway.Models;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tests.Servers;
using Outerloop.Tests.Support;

namespace Outerloop.Gateway.Tests.Dashboard;

/// <summary>A run whose store is in PostgreSQL is told of as the same run with its store in a file.</summary>
public sealed partial class SharedStoreTests : IDisposable
{
    private static readonly RunSettings Settings = new()
    {
        Domains = ["blocksworld", "rovers"],
        Tasks = 120,
        HeldOut = 4,
        Larger = 2,
        Generations = 2,
        Samples = 2,
        Policy = $"local:{BaseGateway.Folder}",
        Trainer = new TrainerSettings { MinSteps = 1, Epochs = 1 },
    };

    private readonly TemporaryFolder _folder = new();
    private readonly string _run = PostgresServer.NewRun();

    private string InFile => Path.Combine(_folder.File("file"), _run);

    private string InDatabase => Path.Combine(_folder.File("database"), _run);

    public void Dispose() => _folder.Dispose();

    [PostgresFact]
    public async Task Every_page_and_every_answer_is_the_same_whatever_holds_the_store()
    {
        await SmallRun.Execute(InFile, Settings);
        await CopyToDatabase();
        await using GatewayServer one = await Serve("file"), other = await Serve("database");
        using HttpClient file = Client(one), database = Client(other);

        string[] paths = await Paths(file);
        Assert.True(paths.Length > 100);
        foreach (string path in paths)
        {
            (int Status, string Text) expected = await Ask(file, path);
            Assert.Equal(200, expected.Status);
            (int Status, string Text) told = await Ask(database, path);
            Assert.True(expected == told, $"{path}: {Difference(expected.Text, told.Text)}");
        }
    }

    /// <summary>All that the dashboard can be asked for, of this run.</summary>
    private async Task<string[]> Paths(HttpClient http)
    {
        string page = $"/runs/{_run}", api = $"/api/v1{page}";
        string summary = await http.GetStringAsync(api); // from then on pages need not wait for figures
        Assert.Contains("\"rovers\"", summary);
        string[] charts = [.. Texts(await http.GetStringAsync($"{api}/charts"), "charts").Select(chart => chart["id"]!.GetValue<string>())];
        string[] traces = [.. Texts(await http.GetStringAsync($"{api}/traces?limit=500"), "traces").Select(trace => trace["id"]!.GetValue<string>())];
        string[] some = [.. traces.Where((_, i) => i % 37 == 0)];
        string[] filters =
        [
            "", "?domain=rovers&generation=1", "?outcome=valid&leastSteps=2&mostSteps=8", "?outcome=malformed", "?reason=precondition&limit=5", "?set=heldOut&mode=greedy", "?number=7",
            "?text=STACK", "?text=no+such+words", .. some.Select(trace => $"?limit=3&after={trace}"),
        ];
        string[] curators = ["", "?domain=rovers&generation=2", "?curator=everything", "?curator=k-per-task:2&generation=1", "?curator=random", "?curator=partisan:stack"];
        string[] manifests = ["?generation=1", "?generation=2&source=0", "?generation=2&limit=3", "?generation=2&domain=rovers"];
        string[] comparisons = [$"first={_run}/blocksworld/0&second={_run}/blocksworld/2", $"first={_run}/rovers/1&second={_run}/rovers/2"];
        return
        [
            "/api/v1/runs", api, $"{api}/charts", .. charts.SelectMany(chart => (string[])[$"{api}/charts/{chart}", $"{api}/charts/{chart}?format=csv&generation=1"]),
            .. filters.SelectMany(filter => (string[])[$"{api}/traces{filter}", $"{page}/traces{filter}"]),
            .. some.SelectMany(trace => (string[])[$"{api}/traces/{trace}", $"{api}/traces/{trace}/states", $"{api}/traces/{trace}/states/0", $"{page}/traces/{trace}"]),
            .. curators.SelectMany(curator => (string[])[$"{api}/curation{curator}", $"{page}/curation{curator}"]),
            .. manifests.SelectMany(manifest => (string[])[$"{api}/manifest{manifest}", $"{page}/lineage{manifest}"]),
            .. comparisons.SelectMany(comparison => (string[])[$"/api/v1/compare?{comparison}", $"/compare?{comparison}"]),
            $"{api}/tasks/blocksworld/pool/3", $"{api}/tasks/rovers/larger/1", $"{api}/lineage", $"{api}/lineage?domain=rovers", $"{api}/health", $"{api}/progress",
            page, $"{page}/charts", $"{page}/charts?domain=rovers", $"{page}/generations/blocksworld/0", $"{page}/generations/rovers/2", $"{page}/lineage", $"{page}/health", "/compare", "/playground",
        ];
    }

    private static IEnumerable<JsonNode> Texts(string json, string list) => JsonNode.Parse(json)![list]!.AsArray().Select(node => node!);

    /// <summary>Without what differs by nature: times of looking, where the run's folder is, and when its files changed, of which a database has none.</summary>
    private async Task<(int Status, string Text)> Ask(HttpClient http, string path)
    {
        using HttpResponseMessage response = await http.GetAsync(path);
        string text = (await response.Content.ReadAsStringAsync()).Replace(InFile, "RUN").Replace(InDatabase, "RUN");
        return ((int)response.StatusCode, Times().Replace(text, ""));
    }

    private static string Difference(string expected, string told)
    {
        int at = expected.Zip(told).TakeWhile(letters => letters.First == letters.Second).Count(), from = Math.Max(0, at - 100);
        return $"'{expected[from..Math.Min(expected.Length, at + 100)]}' and '{told[from..Math.Min(told.Length, at + 100)]}'";
    }

    [GeneratedRegex(
        """
        Figures\ of\ [^.]*\. | "(?:at|lastChange)":"[^"]*",? | <dt>last\ change</dt><dd>[^<]*
        """,
        RegexOptions.IgnorePatternWhitespace, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Times();

    private static HttpClient Client(GatewayServer server)
    {
        var http = new HttpClient { BaseAddress = new Uri(server.Url, "/") };
        http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        return http;
    }

    private Task<GatewayServer> Serve(string runs) => GatewayServer.Start(
        new GatewayOptions { Port = 0, Threads = 1, RunsFolder = _folder.File(runs) }, new FolderModels(TimeProvider.System), [], new GatewaySurroundings(TimeProvider.System, new Progress<string>()), default);

    /// <summary>The run's files, and the rows of its store in a schema of the database.</summary>
    private async Task CopyToDatabase()
    {
        string server = await PostgresServer.Address();
        RunFolder.Create(InDatabase, Settings, server).Dispose();
        foreach (string from in Directory.EnumerateFiles(InFile, "*", SearchOption.AllDirectories).Where(path => !Path.GetFileName(path).StartsWith("store.", StringComparison.Ordinal)))
        {
            string to = Path.Combine(InDatabase, Path.GetRelativePath(InFile, from));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to, overwrite: true);
        }

        string address = RunFolder.StoreOf(InDatabase);
        await (await RunStore.Open(address, default)).DisposeAsync(); // which makes the tables
        await using var source = new SqliteConnection($"Data Source={RunFolder.StoreOf(InFile)};Mode=ReadOnly;Pooling=False");
        await using var target = new NpgsqlConnection(server["postgres:".Length..]);
        await source.OpenAsync();
        await target.OpenAsync();
        foreach (string table in await Tables(source))
            await Copy(source, target, table, new NpgsqlConnectionStringBuilder(address["postgres:".Length..]).SearchPath!);
    }

    private static async Task<List<string>> Tables(SqliteConnection source)
    {
        await using SqliteCommand command = source.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
        await using SqliteDataReader rows = await command.ExecuteReaderAsync();
        var tables = new List<string>();
        while (await rows.ReadAsync())
            tables.Add(rows.GetString(0));
        return tables;
    }

    private static async Task Copy(SqliteConnection source, NpgsqlConnection target, string table, string schema)
    {
        await using SqliteCommand command = source.CreateCommand();
        command.CommandText = $"SELECT * FROM {table} ORDER BY random()"; // that nothing depends on the order of rows
        await using SqliteDataReader rows = await command.ExecuteReaderAsync();
        string[] columns = [.. Enumerable.Range(0, rows.FieldCount).Select(rows.GetName)];
        while (await rows.ReadAsync())
        {
            await using NpgsqlCommand insert = target.CreateCommand();
            insert.CommandText = $"INSERT INTO \"{schema}\".{table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select((_, i) => $"${i + 1}"))})";
            for (int i = 0; i < columns.Length; i++)
                insert.Parameters.Add(new NpgsqlParameter { Value = rows.GetValue(i) });
            await insert.ExecuteNonQueryAsync();
        }
    }
}
