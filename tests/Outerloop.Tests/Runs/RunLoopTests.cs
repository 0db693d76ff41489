using Dapper;
using Microsoft.Data.Sqlite;
using Outerloop.Configuration;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Tests.Support;
using Outerloop.Traces;
using Outerloop.Training;

namespace Outerloop.Tests.Runs;

/// <summary>The loop's own logic, with scripted policies and trainer in place of the model.</summary>
public sealed class RunLoopTests : IDisposable
{
    private static readonly RunSettings Settings = new() { Tasks = 40, HeldOut = 10, Larger = 5, Generations = 3, Samples = 2 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_generation_is_deployed_on_the_pool_and_evaluated()
    {
        RunSummary summary = await Run("run", new ScriptedPolicies());

        IReadOnlyList<GenerationSummary> generations = Assert.Single(summary.Domains).Generations;
        Assert.Equal([0, 1, 2, 3], generations.Select(generation => generation.Generation));
        Assert.All(generations, generation =>
        {
            Assert.Equal((40, 10, 5), (generation.Tasks, generation.HeldOut.Tasks, generation.Larger.Tasks));
            Assert.Equal(80, generation.Outcomes.Valid + generation.Outcomes.Malformed);
            Assert.Equal(3 * (80 + 30 + 10 + 5), generation.Tokens.Sampled);
        });
        Assert.True(generations[3].Solved > generations[0].Solved);
    }

    [Fact]
    public async Task A_generation_learns_from_the_best_valid_trace_of_each_task_of_all_generations_before_it()
    {
        RunSummary summary = await Run("run", new ScriptedPolicies());

        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(_folder.File("run")), default);
        foreach (GenerationSummary generation in summary.Domains[0].Generations.Skip(1))
        {
            IReadOnlyList<Trace> before = await store.Traces("blocksworld", TaskSet.Pool, 0, generation.Generation - 1);
            int solved = before.Where(trace => trace.Outcome == Outcome.Valid).Select(trace => trace.Id.Task).Distinct().Count();
            Assert.Equal(solved, generation.Curated);
            Assert.Equal(solved, generation.Weights.Split(' ').Length);
            Assert.All(generation.Weights.Split(' '), id => Assert.StartsWith("blocksworld/g", id));
        }
    }

    [Theory]
    [InlineData("local", false, false)]
    [InlineData("dft", false, false)]
    [InlineData("iw-sft", false, false)]
    [InlineData("continue", true, false)]
    [InlineData("reinforce", true, true)]
    [InlineData("grpo", true, true)]
    public async Task A_trainer_begins_where_it_should_and_learns_from_what_it_should(string kind, bool fromLatest, bool fromRewards)
    {
        var trainer = new ScriptedTrainer();
        await Run(kind, new ScriptedPolicies(), resume: false, observer: null, Settings with { Trainer = new TrainerSettings { Kind = kind } }, trainer);

        foreach (TrainingJob job in trainer.Jobs)
        {
            string begins = fromLatest && job.Generation > 1 ? Path.Combine("generations", "blocksworld", $"{job.Generation - 1}") : "base";
            Assert.EndsWith(begins, job.BaseFolder, StringComparison.Ordinal);
            Assert.Equal(Enumerable.Range(0, job.Generation), job.BehaviourFolders.Keys.Order());
            Assert.Equal(fromRewards, job.Examples.Any(example => !example.Trace.Accepted));
            if (fromRewards)
                Assert.Equal(Enumerable.Repeat(job.Generation - 1, 80), job.Examples.Select(example => example.Trace.Id.Generation));
            else
                Assert.All(job.Examples.CountBy(example => example.Task.Id), task => Assert.Equal(1, task.Value));
        }

        Assert.Equal([1, 2, 3], trainer.Jobs.Select(job => job.Generation));
    }

    [Fact]
    public async Task A_verifier_that_errs_decides_what_is_learnt_and_not_what_is_reported()
    {
        var trainer = new ScriptedTrainer();
        GenerationSummary exact = (await Run("exact", new ScriptedPolicies())).Domains[0].Generations[0];
        RunSummary noisy = await Run("noisy", new ScriptedPolicies(), resume: false, observer: null, Settings with { Verifier = new VerifierSettings(FalseRejects: 0.6) }, trainer);

        Assert.Equal(exact.Outcomes, noisy.Domains[0].Generations[0].Outcomes);
        Assert.Equal(exact.Solved, noisy.Domains[0].Generations[0].Solved);
        Assert.InRange(trainer.Jobs[0].Examples.Count, 1, exact.Solved - 1);
    }

    [Fact]
    public async Task An_interrupted_run_goes_on_where_it_was_and_reports_the_same()
    {
        string whole = RunFigures.Of(await Run("whole", new ScriptedPolicies()));
        int interruptions = 0;
        RunSummary? resumed = null;
        var answered = new List<TraceId>();
        while (resumed is null)
        {
            int left = 37;
            using var stop = new CancellationTokenSource();
            var policies = new ScriptedPolicies { Fails = _ => --left == 0 ? throw new OperationCanceledException() : false };
            try
            {
                resumed = await Run("pieces", policies, interruptions > 0);
            }
            catch (OperationCanceledException)
            {
                interruptions++;
            }

            answered.AddRange(policies.Asked.Select(request => request.Id));
        }

        Assert.InRange(interruptions, 10, 20);
        Assert.Equal(answered.Count, answered.Distinct().Count());
        Assert.Equal(whole, RunFigures.Of(resumed));
    }

    [Fact]
    public async Task Failing_machinery_is_tried_again_and_never_counts_as_wrong()
    {
        var attempts = new Dictionary<TraceId, int>();
        int Attempt(TraceId id) => attempts[id] = attempts.GetValueOrDefault(id) + 1;
        var policies = new ScriptedPolicies
        {
            Fails = request => request.Id.Task is { Set: TaskSet.Pool, Number: < 10 } && (Attempt(request.Id) < 3 || request.Id.Task.Number == 0),
        };

        RunSummary summary = await Run("run", policies);

        Assert.All(attempts.Values, count => Assert.Equal(3, count));
        GenerationSummary first = summary.Domains[0].Generations[0];
        Assert.Equal(2, first.Outcomes.ModelFailed);
        Assert.Equal(78, first.Outcomes.Valid + first.Outcomes.Malformed);
    }

    [Fact]
    public async Task Nothing_to_train_on_is_said_and_not_trained()
    {
        InputException refusal = await Assert.ThrowsAsync<InputException>(
            () => Run("run", new ScriptedPolicies { Fails = _ => true }));
        Assert.Contains("no trace to train generation 1 on", refusal.Message);
    }

    [Fact]
    public async Task Progress_is_told_in_order_and_to_the_end()
    {
        var observer = new SilentObserver();
        await Run("run", new ScriptedPolicies(), resume: false, observer);

        Assert.Equal(4, observer.Generations.Count);
        foreach (IGrouping<(int Generation, RunPhase Phase), PhaseProgress> phase in observer.Reports.GroupBy(report => (report.Generation, report.Phase)))
        {
            Assert.Equal(phase.Select(report => report.Done).Order(), phase.Select(report => report.Done));
            Assert.Equal(phase.Last().Total, phase.Last().Done);
        }
    }

    [Fact]
    public void A_run_is_open_once_at_a_time()
    {
        using RunFolder open = RunFolder.Create(_folder.File("run"), Settings);
        InputException refusal = Assert.Throws<InputException>(() => RunFolder.Resume(_folder.File("run")).Dispose());
        Assert.Contains("another process", refusal.Message);
    }

    [Fact]
    public void A_folder_with_a_run_is_not_begun_again()
    {
        RunFolder.Create(_folder.File("run"), Settings).Dispose();
        InputException refusal = Assert.Throws<InputException>(() => RunFolder.Create(_folder.File("run"), Settings).Dispose());
        Assert.Contains("--resume", refusal.Message);
    }

    [Theory]
    [InlineData("store.sqlite")]
    [InlineData("base")]
    public void What_is_left_of_a_run_is_not_taken_for_a_new_one(string left)
    {
        Directory.CreateDirectory(_folder.File("run"));
        string path = Path.Combine(_folder.File("run"), left);
        if (left == "base")
            Directory.CreateDirectory(path);
        else
            File.WriteAllText(path, "");
        Assert.Contains("a part of a run", Assert.Throws<InputException>(() => RunFolder.Create(_folder.File("run"), Settings).Dispose()).Message);
    }

    [Fact]
    public async Task Other_weights_than_the_runs_own_are_refused()
    {
        await Run("run", new ScriptedPolicies());
        string generation = Path.Combine(_folder.File("run"), "generations", "blocksworld", "1");
        await File.WriteAllTextAsync(ScriptedTrainer.WeightsIn(generation), "others");
        await Run("run", new ScriptedPolicies(), resume: true); // nothing is left to answer, so nobody asks the weights

        await using (var store = new SqliteConnection($"Data Source={RunFolder.StoreOf(_folder.File("run"))};Pooling=False"))
            await store.ExecuteAsync("DELETE FROM trace WHERE generation = 1 AND number < 5");
        InputException refusal = await Assert.ThrowsAsync<InputException>(() => Run("run", new ScriptedPolicies(), resume: true));
        Assert.StartsWith($"{generation}: these are not the weights that this run made", refusal.Message);
    }

    private async Task<RunSummary> Run(
        string name, ScriptedPolicies policies, bool resume = false, SilentObserver? observer = null, RunSettings? settings = null, ScriptedTrainer? trainer = null)
    {
        using RunFolder folder = resume ? RunFolder.Resume(_folder.File(name)) : RunFolder.Create(_folder.File(name), settings ?? Settings);
        var parts = new RunParts(policies, trainer ?? new ScriptedTrainer(), observer ?? new SilentObserver(), TimeProvider.System);
        return await RunExecution.Execute(folder, parts, default);
    }
}
