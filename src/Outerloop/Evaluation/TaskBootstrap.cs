namespace Outerloop.Evaluation;

/// <summary>
/// Percentile intervals of 95 % by resampling whole tasks (B. Efron, 1979): the samples of one task depend on each
/// other, tasks do not. The same seed gives the same interval.
/// </summary>
public static class TaskBootstrap
{
    private const int Resamples = 2000;
    private const double Tail = 0.025;

    /// <summary>The mean over tasks. A paired difference is the mean of each task's difference.</summary>
    /// <param name="tasks">One number per task; at least one task.</param>
    public static Estimate Mean(IReadOnlyList<double> tasks, Seed seed = default)
    {
        Random random = Stream(seed);
        return Between(Average(tasks), () => ResampledMean(tasks, random));
    }

    /// <summary>The mean of <paramref name="second"/> less that of <paramref name="first"/>, whose tasks are others.</summary>
    public static Estimate UnpairedDifference(IReadOnlyList<double> first, IReadOnlyList<double> second, Seed seed = default)
    {
        Random random = Stream(seed);
        return Between(Average(second) - Average(first), () => ResampledMean(second, random) - ResampledMean(first, random));
    }

    private static Estimate Between(double value, Func<double> resample)
    {
        double[] resamples = new double[Resamples];
        for (int i = 0; i < resamples.Length; i++)
            resamples[i] = resample();
        Array.Sort(resamples);
        int tail = (int)(Tail * Resamples);
        return new Estimate(value, resamples[tail], resamples[^(tail + 1)]);
    }

    private static double ResampledMean(IReadOnlyList<double> tasks, Random random)
    {
        double sum = 0;
        for (int i = 0; i < tasks.Count; i++)
            sum += tasks[random.Next(tasks.Count)];
        return sum / tasks.Count;
    }

    private static double Average(IReadOnlyList<double> tasks) =>
        tasks.Count > 0 ? tasks.Average() : throw new ArgumentException("there is no mean of no tasks", nameof(tasks));

    private static Random Stream(Seed seed) => seed.Then("bootstrap").ToRandom();
}
