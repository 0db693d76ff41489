using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Evaluation;

/// <summary>The scores of one generation of one domain by the task's problem, so that runs can be compared.</summary>
/// <param name="Problems">The problems of each set of tasks, in PDDL.</param>
public sealed record RunScores(
    string Run,
    string Domain,
    int Generation,
    IReadOnlyDictionary<TaskSet, IReadOnlySet<string>> Problems,
    IReadOnlyDictionary<Measure, IReadOnlyDictionary<string, TaskScore>> Scores)
{
    public static async Task<RunScores> Read(RunStore store, string run, string domain, int generation)
    {
        IReadOnlyList<(TaskId Id, string Problem)> tasks = await store.Tasks(domain);
        Dictionary<TaskId, string> problems = tasks.ToDictionary(task => task.Id, task => task.Problem);
        var scores = new Dictionary<Measure, IReadOnlyDictionary<string, TaskScore>>();
        foreach (TaskSet set in Enum.GetValues<TaskSet>())
        {
            ILookup<SampleMode, (TaskId Task, TaskScore Score)> counted = await store.Scores(domain, set, generation);
            foreach (Measure measure in Measure.All.Where(measure => measure.Set == set))
                scores[measure] = counted[measure.Mode].ToDictionary(score => problems[score.Task], score => score.Score);
        }

        ILookup<TaskSet, string> sets = tasks.ToLookup(task => task.Id.Set, task => task.Problem);
        return new RunScores(run, domain, generation, sets.ToDictionary(set => set.Key, set => (IReadOnlySet<string>)set.ToHashSet()), scores);
    }

    /// <summary>Task by task where both have the same tasks of a set, else by the means alone.</summary>
    public IEnumerable<MeasuredDifference> To(RunScores second) =>
        from measure in Measure.All
        let same = Tasks(measure).SetEquals(second.Tasks(measure))
        let difference = same
            ? ScoreDifference.OfPairs(Scores[measure], second.Scores[measure])
            : ScoreDifference.OfMeans([.. Scores[measure].Values], [.. second.Scores[measure].Values])
        where difference is not null
        select new MeasuredDifference(measure, difference);

    private IReadOnlySet<string> Tasks(Measure measure) => Problems.GetValueOrDefault(measure.Set, new HashSet<string>());
}
