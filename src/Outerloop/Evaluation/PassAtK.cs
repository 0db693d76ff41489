namespace Outerloop.Evaluation;

/// <summary>A point of a pass@k curve.</summary>
/// <param name="Tasks">Tasks with at least k samples, which the mean is over.</param>
public sealed record PassPoint(int K, int Tasks, Estimate Pass);

/// <summary>The probability that at least one of k samples is valid, estimated without bias from n ≥ k of them.</summary>
public static class PassAtK
{
    /// <summary>A point is drawn where so large a part of the tasks has enough samples.</summary>
    private const double EnoughTasks = 0.9;

    /// <summary>1 − C(n − c, k) / C(n, k), of which the ratio is the product of (1 − k/i) over i = n − c + 1 … n.</summary>
    /// <param name="samples">n, at least <paramref name="k"/>.</param>
    /// <param name="valid">c of them.</param>
    public static double Of(int samples, int valid, int k)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, samples);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(valid, samples);
        double none = 1;
        for (int i = samples - valid + 1; i <= samples; i++)
            none *= Math.Max(0, 1 - ((double)k / i));
        return 1 - none;
    }

    /// <summary>The curve at powers of two, and at the largest k that the samples allow.</summary>
    public static IReadOnlyList<PassPoint> Curve(IReadOnlyCollection<TaskScore> scores)
    {
        int most = scores.Count == 0 ? 0 : MostForEnough(scores);
        return
        [
            .. from k in Enumerable.Range(0, 31).Select(power => 1 << power).TakeWhile(k => k < most).Append(most)
               where k > 0
               let tasks = scores.Where(score => score.Samples >= k).ToList()
               select new PassPoint(k, tasks.Count, TaskBootstrap.Mean([.. tasks.Select(task => Of(task.Samples, task.Valid, k))])),
        ];
    }

    private static int MostForEnough(IReadOnlyCollection<TaskScore> scores) =>
        scores.Select(score => score.Samples).OrderDescending().ElementAt((int)Math.Ceiling(EnoughTasks * scores.Count) - 1);
}
