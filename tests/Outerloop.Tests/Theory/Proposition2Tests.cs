using Outerloop.Model.Decoder;
using Outerloop.Model.Training;
using Outerloop.Theory;

namespace Outerloop.Tests.Theory;

public sealed class Proposition2Tests
{
    private static readonly Parameters[] Policies = [Bandit.Policy(1), Bandit.Policy(2), Bandit.Policy(3)];

    private static readonly double[] Shares = [0.5, 0.2, 0.3];

    [Fact]
    public void On_all_traces_both_sides_are_the_mixture_of_the_expectations()
    {
        (double[] left, double[] right, double[] withoutPassRates) = Proposition2.Sides(Bandit.Score(Policies[0]), Bandit.Valid, Enumerated());
        double[] expected = Expected();
        Assert.InRange(Direction.MaxRelativeError(left, expected), 0, 1e-4);
        Assert.InRange(Direction.MaxRelativeError(right, expected), 0, 1e-4);
        Assert.True(Direction.MaxRelativeError(withoutPassRates, expected) > 0.01);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_wrong_mass_of_any_policy_on_one_side_breaks_the_equality(int policy)
    {
        double[] wrong = Enumerated().Left(policy);
        int largest = Array.IndexOf(wrong, wrong.Max());
        wrong[largest] *= 1.2;
        double[] others = [.. Enumerable.Range(0, wrong.Length).Select(i => Enumerable.Range(0, 3).Where(k => k != policy).Sum(k => Enumerated().Left(k)[i]))];
        double[] left = Bandit.Score(Policies[0]).Sum(Bandit.Valid, [.. wrong.Zip(others, (a, b) => a + b)]);
        Assert.True(Direction.MaxRelativeError(left, Expected()) > 1e-3);
    }

    [Fact]
    public void Importance_weights_average_to_one_over_the_target_policy()
    {
        PolicyMixture mixture = Enumerated();
        double[] target = [.. mixture.Left(0).Select(mass => mass / Shares[0])];
        Assert.Equal(1, target.Sum(), 1e-9);
        Assert.Equal(1, target.Zip(mixture.Weights(), (mass, weight) => mass * weight).Sum(), 1e-9);
    }

    [Fact]
    public void On_samples_the_sides_are_equal_and_near_those_on_all_traces()
    {
        const int Count = 4000;
        int[][] samples = [.. Policies.Select((policy, k) => Bandit.Sample(policy, Count, new Seed((ulong)k + 5).ToRandom()))];
        TrainingSequence[] valid = [.. samples.SelectMany(own => own).Select(i => Bandit.Traces[i]).Where(Bandit.IsValid)];
        double[][] logProbs = [.. Policies.Select(policy => Bandit.LogProbs(policy, valid))];
        var mixture = new PolicyMixture(PolicyMixture.MassOfSamples(logProbs, [Count, Count, Count]), Shares, 0);

        (double[] left, double[] right, _) = Proposition2.Sides(Bandit.Score(Policies[0]), valid, mixture);

        Assert.InRange(Direction.MaxRelativeError(left, right), 0, 1e-4);
        Assert.InRange(Direction.RelativeDistance(left, Expected()), 0, 0.1);
        Assert.All(Policies.Select((policy, k) => Math.Exp(mixture.LogZ[k]) - Bandit.PassRate(policy)), error => Assert.InRange(error, -0.03, 0.03));
    }

    [Fact]
    public void From_its_own_traces_alone_a_policy_estimates_the_same_with_fewer_effective_traces()
    {
        const int Count = 6000;
        int[] sample = Bandit.Sample(Policies[0], Count, new Seed(9).ToRandom());
        TrainingSequence[] valid = [.. sample.Select(i => Bandit.Traces[i]).Where(Bandit.IsValid)];
        double[][] logProbs = [.. Policies.Select(policy => Bandit.LogProbs(policy, valid))];
        // Masses whose sums are the true pass rates: those of the traces, shared among their repetitions.
        Dictionary<TrainingSequence, int> counts = valid.CountBy(trace => trace).ToDictionary();
        double[][] mass = [.. logProbs.Select(policy => policy.Select((value, i) => value - Math.Log(counts[valid[i]])).ToArray())];
        Proposition2 second = Proposition2.Of(
            Bandit.Score(Policies[0]), valid, [.. valid.Select(_ => true)], new PolicyMixture(mass, Shares, 0), []);
        Assert.InRange(second.MaxRelativeError, 0, 1e-4);
        Assert.True(second.EffectiveSampleSize < valid.Length);
        Assert.InRange(second.OnPolicy.Cosine, 0.9, 1);
        Assert.InRange(second.OnPolicy.MeanWeight, 0.8, 1.2);
        Assert.Equal(second.Clipping.Select(cut => cut.Clipped).OrderDescending(), second.Clipping.Select(cut => cut.Clipped));
        Assert.True(second.Clipping[0].EffectiveSampleSize > second.EffectiveSampleSize);
    }

    [Fact]
    public void Policies_that_are_the_same_have_masses_that_count_traces()
    {
        double[] logProbs = Bandit.LogProbs(Policies[0], Bandit.Valid);
        var mixture = new PolicyMixture(PolicyMixture.MassOfSamples([logProbs, logProbs], [30, 20]), [0.4, 0.6], 0);
        Assert.All(mixture.LogZ, value => Assert.Equal(Bandit.Valid.Length / 50.0, Math.Exp(value), 1e-9));
        Assert.All(mixture.Weights(), weight => Assert.Equal(1, weight, 1e-9));
        Assert.Equal(Bandit.Valid.Length, Proposition2.EffectiveSize(mixture.Weights()), 1e-6);
    }

    private static PolicyMixture Enumerated() =>
        new([.. Policies.Select(policy => Bandit.LogProbs(policy, Bandit.Valid))], Shares, target: 0);

    /// <summary>Σ λ_k Σ_y (β_k(y)/Z_k)·∇log π(y), trace by trace.</summary>
    private static double[] Expected()
    {
        double[][] gradients = [.. Bandit.Valid.Select(trace => Bandit.GradientOf(Policies[0], trace))];
        var sum = new double[gradients[0].Length];
        foreach ((Parameters policy, double share) in Policies.Zip(Shares))
        {
            double[] probabilities = [.. Bandit.LogProbs(policy, Bandit.Valid).Select(Math.Exp)];
            for (int trace = 0; trace < gradients.Length; trace++)
            {
                for (int i = 0; i < sum.Length; i++)
                    sum[i] += share * probabilities[trace] / probabilities.Sum() * gradients[trace][i];
            }
        }

        return sum;
    }
}
