namespace Outerloop.Evaluation;

/// <summary>What a second model does better or worse than a first, in shares of valid samples, with the interval of 95 %.</summary>
/// <param name="Tasks">Tasks compared; of unpaired sets the second's.</param>
/// <param name="Won">Tasks that the second solves and the first does not; null where the tasks are not the same.</param>
/// <param name="Lost">The other way round.</param>
public sealed record ScoreDifference(
    int Tasks, double First, double Second, double Difference, double Low, double High, int? Won = null, int? Lost = null)
{
    /// <summary>Whether the same tasks were compared, task by task.</summary>
    public bool Paired => Won is not null;

    /// <summary>Compares on the tasks that both have scores of; null where there are none.</summary>
    public static ScoreDifference? OfPairs<TKey>(
        IReadOnlyDictionary<TKey, TaskScore> first, IReadOnlyDictionary<TKey, TaskScore> second)
        where TKey : notnull
    {
        List<(TaskScore First, TaskScore Second)> pairs =
            [.. first.Where(task => second.ContainsKey(task.Key)).Select(task => (task.Value, second[task.Key]))];
        if (pairs.Count == 0)
            return null;
        Estimate difference = TaskBootstrap.Mean([.. pairs.Select(pair => pair.Second.Share - pair.First.Share)]);
        return new ScoreDifference(
            pairs.Count,
            pairs.Average(pair => pair.First.Share),
            pairs.Average(pair => pair.Second.Share),
            difference.Value,
            difference.Low,
            difference.High,
            pairs.Count(pair => pair.Second.Solved && !pair.First.Solved),
            pairs.Count(pair => pair.First.Solved && !pair.Second.Solved));
    }

    /// <summary>Compares the means of two sets of tasks that are not the same; null where one is empty.</summary>
    public static ScoreDifference? OfMeans(IReadOnlyCollection<TaskScore> first, IReadOnlyCollection<TaskScore> second)
    {
        if (first.Count == 0 || second.Count == 0)
            return null;
        double[] before = [.. first.Select(score => score.Share)], after = [.. second.Select(score => score.Share)];
        Estimate difference = TaskBootstrap.UnpairedDifference(before, after);
        return new ScoreDifference(
            second.Count, before.Average(), after.Average(), difference.Value, difference.Low, difference.High);
    }
}
