using Outerloop.Deployment;
using Outerloop.Deployment.Workers;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Tests.Policies.Servers;
using Outerloop.Tests.Servers;
using Outerloop.Tests.Storage;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Tests.Deployment.Workers;

/// <summary>Runs whose deployments workers do.</summary>
public sealed class WorkerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _name = PostgresServer.NewRun();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_run_by_workers_has_the_figures_of_a_run_by_one_process(StoreKind kind)
    {
        RunSummary plain = await ScriptedRun.Execute(_folder.File("plain"));
        RunSummary shared = await Run(kind, 3, () => new ScriptedPolicies());
        Assert.Equal(RunFigures.Of(plain), RunFigures.Of(shared));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Workers_that_stop_again_and_again_lose_and_duplicate_nothing(StoreKind kind)
    {
        string plain = RunFigures.Of(await ScriptedRun.Execute(_folder.File("plain")));
        var random = new Random(5);
        var workforce = new List<ScriptedWorkforce>();
        RunSummary shared = await Run(kind, 2, Mortal, workforce);
        Assert.Equal(plain, RunFigures.Of(shared));
        Assert.InRange(workforce[0].Begun, 12, int.MaxValue);

        ScriptedPolicies Mortal()
        {
            int left;
            lock (random)
                left = random.Next(5, 60);
            return new ScriptedPolicies { Fails = _ => --left == 0 ? throw new OperationCanceledException() : false };
        }
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_failing_machinery_leaves_is_owed_three_times_in_all(StoreKind kind)
    {
        RunSummary shared = await Run(kind, 2, () => new ScriptedPolicies { Fails = request => request.Id is { Generation: 0, Task: { Set: TaskSet.Pool, Number: < 10 } } });
        Assert.Equal(20, shared.Domains[0].Generations[0].Outcomes.ModelFailed);
        Assert.Equal(60, shared.Domains[0].Costs.Where(cost => cost is { Generation: 0, Phase: "deploy" }).Sum(cost => cost.Failures));
    }

    [Fact]
    public async Task Workers_ask_servers_for_each_answer_once_and_solve_what_one_process_does()
    {
        await using PlanServer server = await PlanServer.Start();
        var alone = new ServerRun(_folder.File("alone"), server.Url);
        await alone.Execute();
        var shared = new ServerRun(_folder.File("shared"), server.Url) { Workers = 3 };
        await shared.Execute();
        Assert.Equal(120, server.Requests);
        Assert.Equal((await alone.Traces()).Select(trace => (trace.Id, trace.Outcome)), (await shared.Traces()).Select(trace => (trace.Id, trace.Outcome)));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_budget_stops_workers_and_a_larger_one_goes_on(StoreKind kind)
    {
        string plain = RunFigures.Of(await ScriptedRun.Execute(_folder.File("plain")));
        OutsideException stop = await Assert.ThrowsAsync<OutsideException>(() => Run(kind, 2, Slow, budget: new Budget(Tokens: 400)));
        Assert.Contains("the budget is used up", stop.Message);
        Assert.Equal(plain, RunFigures.Of(await Run(kind, 2, () => new ScriptedPolicies(), resume: true)));

        static ScriptedPolicies Slow() => new() { Fails = _ => { Thread.Sleep(10); return false; } };
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_run_goes_on_without_the_workers_that_it_was_begun_with(StoreKind kind)
    {
        string plain = RunFigures.Of(await ScriptedRun.Execute(_folder.File("plain")));
        await Assert.ThrowsAsync<OutsideException>(() => Run(kind, 2, () => new ScriptedPolicies(), budget: new Budget(Tokens: 100)));
        using RunFolder folder = RunFolder.Resume(Shared());
        Assert.Equal(plain, RunFigures.Of(await RunExecution.Execute(folder, ScriptedRun.Parts(), default)));
    }

    [Fact]
    public async Task A_worker_refuses_weights_that_the_run_did_not_make()
    {
        await ScriptedRun.Execute(_folder.File("run"), ScriptedRun.Settings with { Generations = 1 });
        await File.WriteAllTextAsync(ScriptedTrainer.WeightsIn(RunFolder.GenerationOf(_folder.File("run"), "blocksworld", 1)), "others");
        await using (RunStore store = await RunStore.Open(RunFolder.StoreOf(_folder.File("run")), default))
            await store.Owe(new OwedPart("blocksworld", 1, "measure"), [SomeTrace.Of(1, generation: 1, mode: SampleMode.Extra).Id], default);
        using RunFolder folder = RunFolder.Join(_folder.File("run"));
        await using Worker worker = await Worker.Open(folder, ScriptedRun.Parts(), new WorkerOptions("worker", TimeSpan.FromSeconds(30)), default);
        InputException refusal = await Assert.ThrowsAsync<InputException>(() => worker.Work(default));
        Assert.Contains("these are not the weights that this run made", refusal.Message);
        await using RunStore after = await RunStore.Open(RunFolder.StoreOf(_folder.File("run")), default);
        Assert.False(await after.IsAnyoneAtWork());
    }

    [PostgresFact]
    public async Task A_run_never_goes_on_with_the_store_of_another_of_the_same_name()
    {
        await Run(StoreKind.Postgres, 1, () => new ScriptedPolicies(), parent: "first");
        InputException refusal = await Assert.ThrowsAsync<InputException>(() => Run(StoreKind.Postgres, 1, () => new ScriptedPolicies(), parent: "second"));
        Assert.Contains($"begun in {Shared("first")}", refusal.Message);
    }

    [PostgresFact]
    public async Task The_runs_of_a_database_are_found_with_their_folders_and_those_that_owe_without_a_name()
    {
        await Run(StoreKind.Postgres, 1, () => new ScriptedPolicies());
        var runs = new SharedRuns(await PostgresServer.Address());
        Assert.Equal(Shared(), await runs.Folder(_name, default));
        Assert.DoesNotContain(Shared(), await runs.Owing(default));
        InputException refusal = await Assert.ThrowsAsync<InputException>(() => runs.Folder(_name + "x", default));
        Assert.Contains($"did you mean '{_name}'", refusal.Message);

        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(Shared()), default);
        await store.Owe(new OwedPart("blocksworld", 1, "measure"), [SomeTrace.Of(1, generation: 1, mode: SampleMode.Extra).Id], default);
        Assert.Contains(Shared(), await runs.Owing(default));
    }

    /// <summary>In a folder of a name that no other test has, because it is the name in the database too.</summary>
    private string Shared(string parent = "") => _folder.File(Path.Combine(parent, _name));

    private async Task<RunSummary> Run(
        StoreKind kind, int workers, Func<ScriptedPolicies> policies, List<ScriptedWorkforce>? told = null, Budget? budget = null, bool resume = false, string parent = "")
    {
        string path = Shared(parent);
        string? database = kind == StoreKind.Postgres ? await PostgresServer.Address() : null;
        using RunFolder folder = resume ? RunFolder.Resume(path) : RunFolder.Create(path, ScriptedRun.Settings, database);
        var workforce = new ScriptedWorkforce(path, workers, () => ScriptedRun.Parts(policies()));
        told?.Add(workforce);
        return await RunExecution.Execute(folder, ScriptedRun.Parts() with { Workforce = workforce, Budget = budget ?? Budget.Unlimited }, default);
    }
}
