using System.Collections.Concurrent;
using Outerloop.Planning.Search;
using Outerloop.Tasks;

namespace Outerloop.Evaluation;

/// <summary>
/// What the project's own classical planner makes of the tasks that a run evaluates on, for scale. Its first plan is up to three
/// times as long as need be, so it looks for better ones for a while, counted in states: the same tasks give the same figures.
/// </summary>
/// <param name="Steps">Steps of its plan for each task; null where it found none.</param>
public sealed record PlannerReference(IReadOnlyDictionary<TaskId, int?> Steps)
{
    /// <summary>States looked at until the first plan: more than nearly all tasks of the pool's sizes, or a little beyond, take.</summary>
    private const long Patience = 100_000;

    /// <summary>And from then on.</summary>
    private const long Improvement = 1000;

    /// <summary>Solves tasks, on all processors.</summary>
    public static PlannerReference Solve(IReadOnlyCollection<PlanningTask> tasks, IProgress<PlannerProgress> progress, CancellationToken cancellation)
    {
        var steps = new ConcurrentDictionary<TaskId, int?>();
        Parallel.ForEach(tasks, new ParallelOptions { CancellationToken = cancellation }, task =>
        {
            steps[task.Id] = Solve(task, cancellation);
            progress.Report(new PlannerProgress(task.Id.Domain, steps.Count, tasks.Count));
        });
        cancellation.ThrowIfCancellationRequested();
        return new PlannerReference(steps);
    }

    private static int? Solve(PlanningTask task, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        long looked = 0;
        long? found = null;
        var options = new SearchOptions
        {
            Anytime = true,
            OnPlan = _ => found ??= looked,
            OnProgress = search =>
            {
                looked = search.Evaluated;
                if (looked > (found is { } first ? first + Improvement : Patience))
                    stop.Cancel();
            },
        };
        return Planner.Solve(task.Problem, options, stop.Token).Plan?.Length;
    }

    /// <summary>The planner on a set of tasks; null where there are none.</summary>
    public PlannerScale? On(TaskSet set)
    {
        int all = Steps.Keys.Count(task => task.Set == set);
        Dictionary<TaskId, double> lengths = Steps.Where(task => task.Key.Set == set && task.Value is not null).ToDictionary(task => task.Key, task => (double)task.Value!);
        return all == 0 ? null : Beside(set, (double)lengths.Count / all, lengths);
    }

    /// <summary>A generation on a set of tasks.</summary>
    /// <param name="set">Which.</param>
    /// <param name="share">Its share of valid samples there.</param>
    /// <param name="lengths">Mean steps of its valid plans, by task.</param>
    public PlannerScale Beside(TaskSet set, double share, IReadOnlyDictionary<TaskId, double> lengths)
    {
        double[] own = [.. lengths.Where(task => task.Key.Set == set).OrderBy(task => task.Key).Select(task => task.Value)];
        double[] ratios =
        [
            .. from task in lengths
               where task.Key.Set == set && Steps.GetValueOrDefault(task.Key) > 0
               orderby task.Key
               select task.Value / Steps[task.Key]!.Value,
        ];
        return new PlannerScale(set, share, own.Length == 0 ? null : own.Average(), ratios.Length == 0 ? null : TaskBootstrap.Mean(ratios));
    }
}

/// <summary>How far the planner is with the tasks of a domain; told by several threads.</summary>
public sealed record PlannerProgress(string Domain, int Done, int Tasks);

/// <summary>How something that plans does on a set of tasks, beside the classical planner.</summary>
/// <param name="Share">Of samples that are valid; the planner has one a task.</param>
/// <param name="Steps">Mean over the tasks that it solves; null where it solves none.</param>
/// <param name="Ratio">Its steps over the planner's, mean over the tasks that both solve, with its interval; null where there are none.</param>
public sealed record PlannerScale(TaskSet Set, double Share, double? Steps, Estimate? Ratio);
