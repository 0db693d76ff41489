using System.Security.Cryptography;
using Outerloop.Cli.Display;
using Outerloop.Configuration;
using Outerloop.Planning.Domains;
using Outerloop.Policies;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Cli.Commands.Bench;

/// <summary>A finished run of Blocksworld with as many traces as are wanted: real tasks, plans of their generator, outcomes that are drawn.</summary>
/// <param name="path">Of the run's folder.</param>
/// <param name="samples">Of each generation for each task of the pool.</param>
internal sealed class SyntheticRun(string path, int samples)
{
    public const int Generations = 6, PoolTasks = 1000;
    public const string Domain = "blocksworld";

    private const int BatchSize = 5000;

    private readonly Random _random = new(1);
    private readonly RunSettings _settings = new() { Tasks = PoolTasks, Generations = Generations - 1, Samples = samples };
    private readonly List<(TaskId Id, string[] Plan)> _tasks = [];

    public string Path => path;

    /// <returns>How many traces it has.</returns>
    public async Task<int> Fill(IProgressDisplay display, CancellationToken cancellation)
    {
        using RunFolder folder = RunFolder.Create(path, _settings);
        BaseModel.EnsureIn(folder);
        await using RunStore store = await RunStore.Open(folder.Store, cancellation);
        await store.AddTasks(Draw(), cancellation);
        int done = 0, all = Enumerable.Range(0, Generations).Sum(generation => _tasks.Sum(task => Wanted(task.Id, generation).Count()));
        for (int generation = 0; generation < Generations; generation++)
        {
            await store.AddGeneration(Domain, new GenerationRecord(generation, WeightsOf(generation), WeightsOf(0), generation == 0 ? 0 : PoolTasks / 4, 100, 100_000, 0.1), cancellation);
            foreach (TraceId[] batch in _tasks.SelectMany(task => Wanted(task.Id, generation)).Chunk(BatchSize))
            {
                cancellation.ThrowIfCancellationRequested();
                await store.AddTraces([.. batch.Select(Write)], [], cancellation);
                done += batch.Length;
                display.Show("filling a store", done, all, 0, $"generation {generation}");
            }

            if (generation > 0)
                await store.SetCurated(Domain, generation, Enumerable.Range(0, PoolTasks / 4).Select(task => new TraceId(task % generation, new TaskId(Domain, TaskSet.Pool, task), SampleMode.Sampled, 0)), cancellation);
        }

        return done;
    }

    /// <summary>Traces beyond the run's own, for whoever writes while others read.</summary>
    public IReadOnlyList<Trace> More(int batch, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Write(new TraceId(Generations - 1, new TaskId(Domain, TaskSet.Pool, i % PoolTasks), SampleMode.Extra, batch)))];

    private List<PlanningTask> Draw()
    {
        PlanningDomain domain = DomainCatalog.Find(Domain)!;
        var drawn = new List<PlanningTask>();
        foreach ((TaskSet set, int count, SizeRanges sizes) in new[] { (TaskSet.Pool, _settings.Tasks, domain.PoolSizes), (TaskSet.HeldOut, _settings.HeldOut, domain.PoolSizes), (TaskSet.Larger, _settings.Larger, domain.LargerSizes) })
        {
            for (int number = 0; number < count; number++)
            {
                SolvableTask task = domain.DrawUnsolved(sizes, _random);
                var id = new TaskId(Domain, set, number);
                drawn.Add(PlanningTask.Read(id, task.Write($"task-{number}", domain.Domain.Name, _random), domain.Domain));
                _tasks.Add((id, [.. task.Witness.Select(step => step.Trim('(', ')'))]));
            }
        }

        return drawn;
    }

    private IEnumerable<TraceId> Wanted(TaskId task, int generation) => task.Set switch
    {
        TaskSet.Pool => Enumerable.Range(0, samples).Select(sample => new TraceId(generation, task, SampleMode.Sampled, sample)),
        TaskSet.HeldOut => Enumerable.Range(0, 3).Select(sample => new TraceId(generation, task, SampleMode.Sampled, sample)).Append(new TraceId(generation, task, SampleMode.Greedy, 0)),
        _ => [new TraceId(generation, task, SampleMode.Sampled, 0)],
    };

    private Trace Write(TraceId id)
    {
        string[] plan = PlanOf(id.Task);
        bool valid = _random.NextDouble() < 0.05 * (id.Generation + 1);
        string[] steps = valid ? plan : plan[..^1];
        int tokens = 1 + steps.Sum(step => step.Split(' ').Length);
        float[] logProbs = [.. Enumerable.Repeat(-0.1f, tokens)];
        return new Trace
        {
            Id = id,
            BehaviourWeights = WeightsOf(id.Generation),
            Tokens = [.. Enumerable.Range(0, tokens)],
            LogProbs = logProbs,
            SamplingLogProbs = logProbs,
            Text = string.Join(' ', steps),
            PromptTokens = 2 * plan.Length,
            Outcome = valid ? Outcome.Valid : Outcome.Invalid,
            Accepted = valid,
            GoalShare = valid ? 1 : 0.5,
            PlanSteps = steps.Length,
            Reason = valid ? null : "goal",
            Message = valid ? null : "the goal does not hold at the end",
        };
    }

    private string[] PlanOf(TaskId id) => _tasks[id.Set switch { TaskSet.Pool => 0, TaskSet.HeldOut => _settings.Tasks, _ => _settings.Tasks + _settings.HeldOut } + id.Number].Plan;

    private static string WeightsOf(int generation) => Convert.ToHexStringLower(SHA256.HashData([(byte)generation]));
}
