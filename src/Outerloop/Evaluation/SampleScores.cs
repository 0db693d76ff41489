using Outerloop.Traces;

namespace Outerloop.Evaluation;

/// <summary>Scores of k samples for each of several tasks, as shares of the tasks.</summary>
/// <param name="Average">average@k: mean over tasks of the share of valid samples.</param>
/// <param name="Unanimous">unanimous@k: share of tasks whose samples are all valid.</param>
/// <param name="Pass">pass@k: share of tasks with at least one valid sample.</param>
public sealed record SampleScores(int Tasks, double Average, double Unanimous, double Pass)
{
    /// <summary>
    /// Machinery's failures are left out; a task with fewer than <paramref name="k"/> other traces counts nowhere, for its
    /// scores would be those of another k.
    /// </summary>
    public static SampleScores Of(IEnumerable<Trace> traces, int k)
    {
        List<(int Valid, int All)> tasks =
        [
            .. traces.Where(trace => trace.Outcome.IsTheModelsDoing())
                .GroupBy(trace => trace.Id.Task)
                .Where(group => group.Count() >= k)
                .OrderBy(group => group.Key)
                .Select(group => (group.Count(trace => trace.Outcome == Outcome.Valid), group.Count())),
        ];
        double Share(Func<(int Valid, int All), double> score) => tasks.Count == 0 ? 0 : tasks.Sum(score) / tasks.Count;
        return new SampleScores(
            tasks.Count,
            Share(task => (double)task.Valid / task.All),
            Share(task => task.Valid == task.All ? 1 : 0),
            Share(task => task.Valid > 0 ? 1 : 0));
    }
}
