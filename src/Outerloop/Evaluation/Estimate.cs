namespace Outerloop.Evaluation;

/// <summary>A figure with its interval of 95 %.</summary>
public sealed record Estimate(double Value, double Low, double High)
{
    /// <summary>A rate of successes with Wilson's interval.</summary>
    public static Estimate OfRate(int successes, int trials)
    {
        (double low, double high) = Wilson.Interval(successes, trials);
        return new Estimate(trials == 0 ? 0 : (double)successes / trials, low, high);
    }

    /// <summary>
    /// The mean share of valid samples. Where every task is all or nothing, that is a rate of tasks; else the tasks are
    /// resampled, because samples of one task are alike.
    /// </summary>
    /// <param name="scores">At least one.</param>
    public static Estimate OfScores(IReadOnlyCollection<TaskScore> scores) =>
        scores.All(score => score.Valid == 0 || score.Valid == score.Samples)
            ? OfRate(scores.Count(score => score.Valid > 0), scores.Count)
            : TaskBootstrap.Mean([.. scores.Select(score => score.Share)]);
}
