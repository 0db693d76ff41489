using Outerloop.Model.Decoder;
using Outerloop.Model.Training;
using Outerloop.Theory;

namespace Outerloop.Tests.Theory;

public sealed class Proposition1Tests
{
    [Fact]
    public void The_traces_of_the_bandit_are_all_there_are()
    {
        Assert.Equal(40, Bandit.Traces.Length);
        Assert.Equal(1, Bandit.LogProbs(Bandit.Policy(1), Bandit.Traces).Sum(Math.Exp), 1e-5);
        Assert.InRange(Bandit.PassRate(Bandit.Policy(1)), 0.01, 0.99);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_expected_REINFORCE_gradient_is_that_of_the_pass_rate(ulong seed)
    {
        Parameters policy = Bandit.Policy(seed);
        double[] gradient = Bandit.Score(policy).Sum(
            Bandit.Traces, [.. Bandit.Traces.Zip(Bandit.LogProbs(policy, Bandit.Traces), (trace, log) => Bandit.IsValid(trace) ? Math.Exp(log) : 0)]);
        double square = gradient.Sum(value => value * value), step = 2e-3 / Math.Sqrt(square);
        double slope = (Bandit.PassRate(Moved(policy, gradient, step)) - Bandit.PassRate(Moved(policy, gradient, -step))) / (2 * step);
        Assert.Equal(square, slope, 2e-3 * square);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void REINFORCE_on_samples_is_fine_tuning_on_the_valid_ones_times_their_share(ulong seed)
    {
        (Parameters policy, TrainingSequence[] traces, double[] rewards) = Sampled(seed);
        Proposition1 checkedOn = Proposition1.Of(Bandit.Score(policy), traces, rewards);
        Assert.InRange(checkedOn.Cosine, 0.999999, 1.0000001);
        Assert.Equal(rewards.Sum() / rewards.Length, checkedOn.ExpectedScale);
        Assert.Equal(checkedOn.ExpectedScale, checkedOn.Scale, 1e-6);
        Assert.Equal((300, (int)rewards.Sum()), (checkedOn.N, checkedOn.Valid));
    }

    [Fact]
    public void A_wrong_reward_breaks_the_proposition()
    {
        (Parameters policy, TrainingSequence[] traces, double[] rewards) = Sampled(1);
        rewards[Array.IndexOf(rewards, 1.0)] = 3;
        Proposition1 broken = Proposition1.Of(Bandit.Score(policy), traces, rewards);
        Assert.True(Math.Abs(broken.Scale - broken.ExpectedScale) > 1e-4 || broken.Cosine < 0.9999);
    }

    [Fact]
    public void Weights_far_below_the_range_of_floats_are_no_loss()
    {
        ScoreFunction score = Bandit.Score(Bandit.Policy(1));
        double[] plain = score.Sum(Bandit.Valid, [.. Enumerable.Repeat(1.0, Bandit.Valid.Length)]);
        double[] tiny = score.Sum(Bandit.Valid, [.. Enumerable.Repeat(1e-90, Bandit.Valid.Length)]);
        Assert.Equal(0, Direction.MaxRelativeError([.. tiny.Select(value => value * 1e90)], plain), 1e-6);
        Assert.All(score.Sum(Bandit.Valid, new double[Bandit.Valid.Length]), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(0.6)]
    [InlineData(2.5)]
    public void A_policy_at_a_temperature_is_the_softmax_of_the_logits_over_it(double temperature)
    {
        Parameters policy = Bandit.Policy(4);
        float[][] logits = LanguageModel.InFloat(policy).Logits(Bandit.Traces[^1].Tokens);
        float[] actual = LanguageModel.InFloat(PolicyTraces.AtTemperature(policy, temperature)).LogProbabilities(Bandit.Traces[^1].Tokens, Bandit.Prompt.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            double[] row = [.. logits[Bandit.Prompt.Length - 1 + i].Select(value => value / temperature)];
            double expected = row[Bandit.Traces[^1].Tokens[Bandit.Prompt.Length + i]] - Math.Log(row.Sum(Math.Exp));
            Assert.Equal(expected, actual[i], 1e-5);
        }
    }

    private static (Parameters Policy, TrainingSequence[] Traces, double[] Rewards) Sampled(ulong seed)
    {
        Parameters policy = Bandit.Policy(seed);
        TrainingSequence[] traces = [.. Bandit.Sample(policy, 300, new Seed(seed).ToRandom()).Select(i => Bandit.Traces[i])];
        return (policy, traces, [.. traces.Select(trace => Bandit.IsValid(trace) ? 1.0 : 0)]);
    }

    private static Parameters Moved(Parameters policy, double[] direction, double step) =>
        new(policy.Layout, [.. policy.Values.Zip(direction, (value, slope) => (float)(value + (step * slope)))]);
}
