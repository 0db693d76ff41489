using Outerloop.Evaluation;

namespace Outerloop.Tests.Evaluation;

public sealed class TaskBootstrapTests
{
    private const int Experiments = 200;

    /// <summary>Three samples of a task share its difficulty, so that an interval which took them for independent would be too narrow.</summary>
    [Fact]
    public void An_interval_of_95_percent_contains_the_truth_about_so_often()
    {
        const double Truth = 0.5;
        int covered = Enumerable.Range(0, Experiments).Count(experiment =>
        {
            Random random = new Seed((ulong)experiment).Then("tasks").ToRandom();
            Estimate mean = TaskBootstrap.Mean([.. Enumerable.Range(0, 60).Select(_ => ShareOf(random.NextDouble(), random))], new Seed((ulong)experiment));
            return mean.Low <= Truth && Truth <= mean.High;
        });

        Assert.InRange(covered, 0.88 * Experiments, 0.99 * Experiments);
    }

    [Fact]
    public void A_paired_interval_contains_the_true_difference_about_as_often_and_is_narrower_than_an_unpaired_one()
    {
        const double Truth = 0.1;
        int covered = 0, narrower = 0;
        for (int experiment = 0; experiment < Experiments; experiment++)
        {
            (double[] first, double[] second) = Pairs(new Seed((ulong)experiment).Then("pairs").ToRandom(), Truth);
            Estimate paired = TaskBootstrap.Mean([.. first.Zip(second, (a, b) => b - a)], new Seed((ulong)experiment));
            Estimate unpaired = TaskBootstrap.UnpairedDifference(first, second, new Seed((ulong)experiment));
            Assert.Equal(unpaired.Value, paired.Value, 12);
            covered += paired.Low <= Truth && Truth <= paired.High ? 1 : 0;
            narrower += paired.High - paired.Low < unpaired.High - unpaired.Low ? 1 : 0;
        }

        Assert.InRange(covered, 0.88 * Experiments, 0.99 * Experiments);
        Assert.InRange(narrower, 0.95 * Experiments, Experiments);
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval()
    {
        double[] tasks = [0, 1, 0.5, 1, 0, 0.25];
        Assert.Equal(TaskBootstrap.Mean(tasks, new Seed(7)), TaskBootstrap.Mean(tasks, new Seed(7)));
    }

    [Fact]
    public void There_is_no_mean_of_no_tasks() => Assert.Throws<ArgumentException>(() => TaskBootstrap.Mean([]));

    /// <summary>Tasks from impossible to easy, each somewhat easier for the second model.</summary>
    private static (double[] First, double[] Second) Pairs(Random random, double gain)
    {
        double[] difficulty = [.. Enumerable.Range(0, 60).Select(_ => (1 - gain) * random.NextDouble())];
        return ([.. difficulty.Select(p => ShareOf(p, random))], [.. difficulty.Select(p => ShareOf(p + gain, random))]);
    }

    private static double ShareOf(double probability, Random random) =>
        Enumerable.Range(0, 3).Count(_ => random.NextDouble() < probability) / 3.0;
}
