using System.Text.Json.Nodes;
using Outerloop.Cli.Tests.Support;
using Outerloop.Tests.Servers;

namespace Outerloop.Cli.Tests;

/// <summary>
/// Runs whose store is in PostgreSQL and whose deployments other processes do. The processes, the database and the signals are
/// real; a run by one process, with its store in a file, is what each is held against.
/// </summary>
public sealed class FleetTests : IDisposable
{
    private static readonly string[] Small =
    [
        "run", "--json", "--tasks", "120", "--held-out", "12", "--larger", "4", "--generations", "2", "--seed", "3",
        "--trainer-epochs", "1", "--trainer-min-steps", "25", "--threads", "2",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly string _name = PostgresServer.NewRun();

    private string Shared => _folder.File(_name);

    public void Dispose() => _folder.Dispose();

    [PostgresFact]
    public async Task A_run_by_workers_over_a_database_has_the_figures_and_weights_of_a_plain_run()
    {
        CliResult plain = await Plain();
        CliResult shared = await OuterloopProcess.Run([.. Small, "--store", await PostgresServer.Address(), "--workers", "2", "--out", Shared]);
        AssertSame(plain, shared);
        Assert.False(File.Exists(Path.Combine(Shared, "store.sqlite")));

        CliResult reported = await OuterloopProcess.Run("report", Shared, "--json");
        Assert.Equal(OuterloopProcess.Figures(plain), OuterloopProcess.Figures(reported));
        Assert.Equal(await Curves(_folder.File("plain")), await Curves(Shared, "--workers", "2"));
    }

    [PostgresFact]
    public async Task Workers_that_are_killed_lose_and_duplicate_nothing()
    {
        CliResult plain = await Plain();
        using OuterloopProcess cli = OuterloopProcess.Start([.. Small, "--store", await PostgresServer.Address(), "--workers", "2", "--worker-lease", "2", "--out", Shared]);
        var killed = new HashSet<int>();
        while (!await cli.EndsWithin(TimeSpan.FromMilliseconds(100)))
        {
            if (killed.Count < 4 && WorkerProcesses.Of(Shared).FirstOrDefault(worker => !killed.Contains(worker)) is var worker and > 0 && killed.Add(worker))
                WorkerProcesses.Kill(worker);
        }

        AssertSame(plain, await cli.End());
        Assert.Equal(4, killed.Count);
    }

    [PostgresFact]
    public async Task A_coordinator_that_is_killed_goes_on_where_it_was()
    {
        CliResult plain = await Plain();
        string[] how = [.. Small, "--store", await PostgresServer.Address(), "--workers", "2"];
        foreach (int milliseconds in (int[])[900, 1500, 2500])
        {
            using OuterloopProcess cli = OuterloopProcess.Start([.. how, "--out", Shared]);
            await cli.EndsWithin(TimeSpan.FromMilliseconds(milliseconds));
            cli.Kill();
            await cli.End();
            how = File.Exists(Path.Combine(Shared, "run.yaml")) ? ["run", "--json", "--resume", "--workers", "2"] : how;
        }

        AssertSame(plain, await OuterloopProcess.Run([.. how, "--out", Shared]));
    }

    [PostgresFact]
    public async Task Workers_that_are_started_by_hand_do_the_work_and_what_one_has_taken_is_free_when_it_is_stopped()
    {
        CliResult plain = await Plain();
        string database = await PostgresServer.Address();
        using OuterloopProcess coordinator = OuterloopProcess.Start([.. Small, "--store", database, "--workers", "0", "--out", Shared]);
        string[] worker = ["worker", "--store", database, "--threads", "1"];
        while (!File.Exists(Path.Combine(Shared, "base", "config.json")))
            Assert.False(await coordinator.EndsWithin(TimeSpan.FromMilliseconds(50)));
        await Task.Delay(1000);

        using (OuterloopProcess first = OuterloopProcess.Start([.. worker, "--run", _name]))
        {
            await first.EndsWithin(TimeSpan.FromMilliseconds(1500));
            first.Interrupt();
            CliResult stopped = await first.End();
            Assert.True(stopped.ExitCode == 130, stopped.Messages);
        }

        using OuterloopProcess second = OuterloopProcess.Start([.. worker, "--idle", "20"]);
        AssertSame(plain, await coordinator.End());
        second.Interrupt();
        await second.End();
    }

    [PostgresFact]
    public async Task A_database_that_goes_away_ends_run_and_workers_with_a_message()
    {
        TestServer database = await TestServer.Start("postgres.sh");
        using OuterloopProcess cli = OuterloopProcess.Start([.. Small, "--samples", "200", "--store", database.Said, "--workers", "2", "--out", Shared]);
        while (!WorkerProcesses.Of(Shared).Any())
            Assert.False(await cli.EndsWithin(TimeSpan.FromMilliseconds(50)));
        await Task.Delay(1000);
        await database.Stop();

        CliResult result = await cli.End();
        Assert.Equal((3, ""), (result.ExitCode, result.Output));
        Assert.Contains("PostgreSQL at ", result.LastMessage);
        Assert.EndsWith("go on with --resume", result.LastMessage);
        Assert.All(Directory.GetFiles(Path.Combine(Shared, "workers")), log => Assert.DoesNotContain("   at ", File.ReadAllText(log)));
    }

    [Theory]
    [InlineData("postgres:Host=/nowhere;Database=runs", 3, "PostgreSQL at /nowhere")]
    [InlineData("postgres:Host=db;Password=secret", 2, "PGPASSWORD")]
    [InlineData("postgres://user:secret@db/runs", 2, "PGPASSWORD")]
    [InlineData("postgres:Nonsense=1", 2, "--store")]
    [InlineData("mysql:x", 2, "postgres:Host=db1;Database=runs")]
    public async Task A_store_that_cannot_be_used_is_refused(string store, int code, string said)
    {
        CliResult result = await OuterloopProcess.Run([.. Small, "--store", store, "--out", Shared]);
        Assert.Equal((code, ""), (result.ExitCode, result.Output));
        Assert.Contains(said, result.LastMessage);
        Assert.DoesNotContain("secret", result.Messages);
        Assert.False(Directory.Exists(Shared));
    }

    [Fact]
    public async Task A_generation_that_is_trained_alone_is_the_one_that_the_run_has_made()
    {
        CliResult plain = await Plain();
        string weights = (string)JsonNode.Parse(plain.Output)!["domains"]![0]!["generations"]![2]!["weights"]!;
        CliResult trained = await OuterloopProcess.Run("train", _folder.File("plain"), "--generation", "2", "--threads", "1");
        Assert.True(trained.ExitCode == 0, trained.Messages);
        JsonNode[] lines = [.. trained.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(Enumerable.Range(1, lines.Length - 1), lines[..^1].Select(step => (int)step["step"]!));
        Assert.Equal(weights, (string)lines[^1]["weights"]!);

        CliResult refused = await OuterloopProcess.Run("train", _folder.File("plain"), "--generation", "3");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("generation 3 of blocksworld is not curated", refused.LastMessage);
    }

    [Fact]
    public async Task A_worker_without_a_run_is_told_how_to_name_one()
    {
        CliResult result = await OuterloopProcess.Run("worker");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--store", result.LastMessage);
    }

    /// <summary>pass@k with more samples.</summary>
    private static async Task<string> Curves(string run, params string[] options)
    {
        CliResult evaluated = await OuterloopProcess.Run(["evaluate", run, "--samples", "8", "--json", .. options]);
        Assert.True(evaluated.ExitCode == 0, evaluated.Messages);
        return JsonNode.Parse(evaluated.Output)!["curves"]!.ToJsonString();
    }

    private Task<CliResult> Plain() => OuterloopProcess.Run([.. Small, "--out", _folder.File("plain")]);

    private static void AssertSame(CliResult plain, CliResult shared)
    {
        Assert.True(plain.ExitCode == 0, plain.Messages);
        Assert.True(shared.ExitCode == 0, shared.Messages);
        Assert.Equal(OuterloopProcess.Figures(plain), OuterloopProcess.Figures(shared));
    }
}
