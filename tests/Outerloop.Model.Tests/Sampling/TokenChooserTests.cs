using FsCheck.Xunit;
using Outerloop.Model.Kernels;
using Outerloop.Model.Sampling;

namespace Outerloop.Model.Tests.Sampling;

public sealed class TokenChooserTests
{
    [Property]
    public bool The_token_is_the_inverse_of_the_cumulative_distribution_at_the_streams_next_number(ulong seed, byte width)
    {
        var random = new SplitMix64(seed);
        float[] logits = new float[1 + width];
        foreach (ref float logit in logits.AsSpan())
            logit = 3 * random.NextNormal();
        const float Temperature = 0.8f;
        SplitMix64 stream = random, other = random;
        double uniform = other.NextDouble();
        int token = Chooser(logits.Length).Choose(logits, Temperature, TokenFilter.None, ref stream, out float logProb);

        double[] weights = [.. logits.Select(logit => Math.Exp((double)logit / Temperature))];
        double total = weights.Sum(), before = weights[..token].Sum() / total, after = weights[..(token + 1)].Sum() / total;
        return before - 1e-5 <= uniform && uniform <= after + 1e-5
            && Math.Abs(Math.Log(weights[token] / total) - logProb) < 1e-4
            && stream.NextUInt64() == other.NextUInt64();
    }

    [Fact]
    public void Every_tier_draws_the_same_token_with_the_same_bits()
    {
        var random = new SplitMix64(3);
        float[] logits = new float[101];
        for (int draw = 0; draw < 50; draw++)
        {
            foreach (ref float logit in logits.AsSpan())
                logit = 2 * random.NextNormal();
            var drawn = KernelSet.Available.Select(tier =>
            {
                var stream = new SplitMix64((ulong)draw);
                int token = new TokenChooser(SamplingKernels.Of(tier.Tier), logits.Length).Choose(logits, 0.6f, TokenFilter.None, ref stream, out float logProb);
                return (token, logProb);
            });
            Assert.Single(drawn.Distinct());
        }
    }

    [Fact]
    public void Greedy_takes_the_lowest_id_of_the_likeliest_and_still_one_number()
    {
        SplitMix64 stream = new(1), other = new(1);
        other.NextDouble();
        Assert.Equal(2, Chooser(5).Choose([0, -1, 7, 7, 7], 0, TokenFilter.None, ref stream, out float logProb));
        Assert.Equal(0, logProb);
        Assert.Equal(other.NextUInt64(), stream.NextUInt64());
    }

    [Theory]
    [InlineData(1e-7f)]
    [InlineData(1e-38f)]
    [InlineData(float.Epsilon)]
    public void A_very_low_temperature_is_greedy(float temperature)
    {
        var stream = new SplitMix64(1);
        Assert.Equal(1, Chooser(3).Choose([0, 1e-3f, -2], temperature, TokenFilter.None, ref stream, out float logProb));
        Assert.Equal(0, logProb, 1e-6);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Logits_that_are_not_finite_are_refused(float value)
    {
        float[] logits = [0, value, 1];
        Assert.Throws<ArithmeticException>(() =>
        {
            var stream = new SplitMix64(1);
            Chooser(3).Choose(logits, 1, TokenFilter.None, ref stream, out _);
        });
    }

    private static TokenChooser Chooser(int vocabulary) => new(SamplingKernels.Of(KernelSet.Best.Tier), vocabulary);
}
