using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Evaluation;

/// <summary>How many of the samples of one task are valid. Failures of the machinery are no samples.</summary>
public readonly record struct TaskScore(int Samples, int Valid)
{
    public double Share => (double)Valid / Samples;

    public bool Solved => Valid > 0;

    /// <summary>By task; a task without a sample that is the model's doing has none.</summary>
    public static SortedDictionary<TaskId, TaskScore> Of(IEnumerable<Trace> traces)
    {
        var scores = new Dictionary<TaskId, TaskScore>();
        foreach (Trace trace in traces.Where(trace => trace.Outcome.IsTheModelsDoing()))
        {
            TaskScore score = scores.GetValueOrDefault(trace.Id.Task);
            scores[trace.Id.Task] = new TaskScore(score.Samples + 1, score.Valid + (trace.Outcome == Outcome.Valid ? 1 : 0));
        }

        return new SortedDictionary<TaskId, TaskScore>(scores);
    }
}
