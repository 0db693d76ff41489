using Microsoft.Data.Sqlite;
using Outerloop.Cli.Tests.Support;

namespace Outerloop.Cli.Tests.Serving;

/// <summary>
/// The coordinator of a run against a server is killed in each phase of a generation's life, seen to be in it, and resumed:
/// figures, traces and weights are those of a run that nothing interrupted.
/// </summary>
public sealed class PhaseInterruptionTests(PhaseInterruptionTests.Whole whole) : IClassFixture<PhaseInterruptionTests.Whole>, IDisposable
{
    private const string Chat = "/v1/chat/completions", Loading = "/v1/load_lora_adapter";

    /// <summary>Answers that a generation owes on its pool, and with its evaluation.</summary>
    private const int Pool = ServedRuns.Tasks, All = Pool + (12 * 4) + 4;

    private readonly TemporaryFolder _folder = new();

    private string Run => _folder.File("run");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 30)] // deployed on the pool
    [InlineData(0, Pool + 20)] // evaluated
    [InlineData(1, All + 50)]
    [InlineData(2, (2 * All) + Pool + 7)]
    public async Task Killed_while_a_generation_answers(int generation, int request)
    {
        await using HoldingServer server = await HoldingServer.Start(new Held(Chat, request));
        await KillWhen(server, async () =>
        {
            await server.Holds;
            // With eight requests in flight the others' answers come in and are committed.
            while (ServedRuns.Committed(Run, generation) < (request % All) - 8)
                await Task.Delay(5);
        });
        Assert.InRange(ServedRuns.Committed(Run, generation), 1, All - 1);
        await EndsAsTheWhole(server);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task Killed_while_a_generation_is_loaded_into_the_server(int generation, bool isLoaded)
    {
        await using HoldingServer server = await HoldingServer.Start(new Held(Loading, generation, isLoaded));
        await KillWhen(server, () => server.Holds);
        Assert.True(Directory.Exists(Path.Combine(Run, "generations", "blocksworld", $"{generation}")));
        Assert.Equal(0, ServedRuns.Committed(Run, generation));
        await EndsAsTheWhole(server);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Killed_while_a_generation_is_trained(int generation)
    {
        await using HoldingServer server = await HoldingServer.Start();
        await KillWhen(server, async () =>
        {
            while (!File.Exists(Curve(generation)) || File.ReadLines(Curve(generation)).Count() < 5)
                await Task.Delay(1);
        });
        Assert.False(Directory.Exists(Path.Combine(Run, "generations", "blocksworld", $"{generation}")));
        await EndsAsTheWhole(server);
    }

    /// <summary>What is curated goes to the store before the training begins; a store that is locked holds the run there.</summary>
    [Fact]
    public async Task Killed_while_traces_are_curated()
    {
        for (int attempt = 0; ; attempt++)
        {
            await using HoldingServer server = await HoldingServer.Start();
            await KillWhenCurating(server);
            if (File.Exists(Curve(1)) && attempt < 20)
            {
                Directory.Delete(Run, recursive: true); // the store was locked too late
                continue;
            }

            Assert.False(File.Exists(Curve(1)));
            await EndsAsTheWhole(server);
            return;
        }
    }

    private async Task KillWhenCurating(HoldingServer server)
    {
        await KillWhen(server, async () =>
        {
            while (ServedRuns.Committed(Run, 0) < All)
                await Task.Delay(1);
            await using var store = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(Run, "store.sqlite"), Pooling = false }.ToString());
            await store.OpenAsync();
            await using SqliteTransaction held = store.BeginTransaction(deferred: false);
            await Task.Delay(300);
        });
    }

    private async Task KillWhen(HoldingServer server, Func<Task> isThere)
    {
        using OuterloopProcess cli = OuterloopProcess.Start([.. ServedRuns.Served, .. ServedRuns.Reaching(server.Url), "--out", Run]);
        Task there = isThere();
        while (!there.IsCompleted)
            Assert.False(await cli.EndsWithin(TimeSpan.FromMilliseconds(2)), "the run ended before it was killed");
        await there;
        cli.Kill();
        await cli.End();
    }

    private async Task EndsAsTheWhole(HoldingServer server)
    {
        CliResult end = await OuterloopProcess.Run(["run", "--json", "--resume", "--threads", "1", .. ServedRuns.Reaching(server.Url), "--out", Run]);
        Assert.True(end.ExitCode == 0, end.Messages);
        Assert.Equal(whole.Figures, ServedRuns.Figures(end));
        Assert.Equal(whole.Traces, await ServedRuns.Traces(Run));
        Assert.Equal(whole.Weights, ServedRuns.Weights(Run, 2));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Run, "*.incoming", SearchOption.AllDirectories));
    }

    private string Curve(int generation) => Path.Combine(Run, "generations", "blocksworld", $"{generation}.training.csv");

    /// <summary>The run that nothing interrupted.</summary>
    public sealed class Whole : IAsyncLifetime, IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public string Figures { get; private set; } = "";

        public IReadOnlyList<string> Traces { get; private set; } = [];

        public byte[] Weights { get; private set; } = [];

        public async Task InitializeAsync()
        {
            await using HoldingServer server = await HoldingServer.Start();
            CliResult result = await OuterloopProcess.Run([.. ServedRuns.Served, .. ServedRuns.Reaching(server.Url), "--out", _folder.File("whole")]);
            Assert.True(result.ExitCode == 0, result.Messages);
            Figures = ServedRuns.Figures(result);
            Traces = await ServedRuns.Traces(_folder.File("whole"));
            Weights = ServedRuns.Weights(_folder.File("whole"), 2);
        }

        public Task DisposeAsync() => Task.CompletedTask;

        public void Dispose() => _folder.Dispose();
    }
}
