using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Data.Sqlite;
using Outerloop.Cli.Tests.Support;

namespace Outerloop.Cli.Tests.Serving;

/// <summary>A gateway that is killed while it answers.</summary>
public sealed class LiveInterruptionTests : IDisposable
{
    private const int Clients = 8, EnoughAnswers = 60;

    private const string Question =
        """
        {"model":"short-blocksworld","messages":[{"role":"user","content":
        "(define (problem p) (:domain blocksworld) (:objects b1 b2) (:init (arm-empty) (on b1 b2) (clear b1) (on-table b2)) (:goal (on b2 b1)))"}]}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_answer_that_a_client_has_in_whole_is_in_the_store_once_though_the_gateway_was_killed()
    {
        string run = _folder.File("short");
        CliResult made = await OuterloopProcess.Run("run", "--json", "--tasks", "12", "--held-out", "2", "--larger", "1", "--generations", "0", "--threads", "1", "--out", run);
        Assert.True(made.ExitCode == 0, made.Messages);
        var answered = new ConcurrentBag<string>();

        using (OuterloopProcess server = await Serve(run))
        {
            Task[] clients = [.. Enumerable.Range(0, Clients).Select(_ => AskUntilRefused(server, answered))];
            await Task.WhenAll(clients);
        }

        using OuterloopProcess again = await Serve(run);
        answered.Add((await Ask(UrlOf(again)))!);
        again.Interrupt();
        await again.End();

        await using var store = new SqliteConnection($"Data Source={Path.Combine(run, "store.sqlite")};Pooling=False");
        (string Id, long Count, long Traces)[] kept = [.. await store.QueryAsync<(string, long, long)>(
            """
            SELECT completion.id, COUNT(*), COUNT(trace.sample) FROM completion LEFT JOIN trace USING (domain, generation, task_set, number, mode, sample)
            GROUP BY completion.id
            """)];
        Assert.True(answered.Count > EnoughAnswers, $"{answered.Count} answers");
        Assert.Empty(answered.Except(kept.Select(one => one.Id)));
        Assert.All(kept, one => Assert.Equal((1, 1), (one.Count, one.Traces)));
        Assert.Equal(kept.Length, await store.ExecuteScalarAsync<long>("SELECT COUNT(DISTINCT sample) FROM trace WHERE mode = 'live'"));
    }

    /// <summary>The client that gets the last of enough answers kills the server under the others.</summary>
    private static async Task AskUntilRefused(OuterloopProcess server, ConcurrentBag<string> answered)
    {
        Uri url = UrlOf(server);
        while (await Ask(url) is { } id)
        {
            answered.Add(id);
            if (answered.Count == EnoughAnswers)
                server.Kill();
        }
    }

    /// <summary>The id of an answer; null if it did not come in whole.</summary>
    private static async Task<string?> Ask(Uri url)
    {
        using var http = new HttpClient();
        using var body = new StringContent(Question, Encoding.UTF8, "application/json");
        try
        {
            using HttpResponseMessage response = await http.PostAsync(new Uri($"{url}/chat/completions"), body);
            return (string?)JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!["id"];
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException)
        {
            return null;
        }
    }

    private static async Task<OuterloopProcess> Serve(string run)
    {
        var server = OuterloopProcess.Start("serve", "--json", "--run", run, "--port", "0");
        await server.Speaks();
        return server;
    }

    private static Uri UrlOf(OuterloopProcess server) => new((string)JsonNode.Parse(server.Said)!["url"]!);
}
