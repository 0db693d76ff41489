using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Outerloop.Model.Sampling;

namespace Outerloop.Model.Tests.Sampling;

public sealed class WeightFilterTests
{
    [Property(MaxTest = 300)]
    public Property The_cuts_are_those_of_the_sorted_distribution_one_after_the_other() => Prop.ForAll(
        Filters().ToArbitrary(), Gen.Choose(1, 200).ToArbitrary(), Gen.Choose(0, 1_000_000).ToArbitrary(), (filter, width, seed) =>
        {
            float[] weights = Weights(width, (ulong)seed), filtered = [.. weights];
            double total = new WeightFilter(width).Apply(filter, filtered, weights.Sum(weight => (double)weight));
            int[] kept = [.. Enumerable.Range(0, width).Where(token => filtered[token] > 0)];
            Assert.Equal(Reference(filter, weights).Order(), kept);
            Assert.All(kept, token => Assert.Equal(weights[token], filtered[token]));
            Assert.Equal(filtered.Sum(weight => (double)weight), total, 1e-9);
        });

    [Fact]
    public void Equal_tokens_are_kept_by_ascending_id()
    {
        float[] weights = [0.5f, 1, 0.5f, 1, 0.5f];
        double total = new WeightFilter(5).Apply(new TokenFilter { TopK = 3 }, weights, 3.5);
        Assert.Equal([0.5f, 1, 0, 1, 0], weights);
        Assert.Equal(2.5, total);
    }

    [Fact]
    public void Top_p_counts_in_what_top_k_leaves()
    {
        float[] weights = [1, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f];
        new WeightFilter(7).Apply(new TokenFilter { TopK = 2, TopP = 0.6f }, weights, 4);
        Assert.Equal([1, 0, 0, 0, 0, 0, 0], weights);
    }

    [Fact]
    public void The_likeliest_token_always_stays()
    {
        float[] weights = [0.3f, 1, 0.9f];
        Assert.Equal(1, new WeightFilter(3).Apply(new TokenFilter { TopP = 1e-6f, MinP = 1 }, weights, 2.2));
        Assert.Equal([0, 1, 0], weights);
    }

    private static Gen<TokenFilter> Filters() =>
        from topK in Gen.Frequency((1, Gen.Constant(0)), (2, Gen.Choose(1, 60)), (1, Gen.Choose(150, 300)))
        from topP in Gen.Frequency((1, Gen.Constant(1000)), (2, Gen.Choose(1, 999)))
        from minP in Gen.Frequency((1, Gen.Constant(0)), (2, Gen.Choose(0, 1000)))
        select new TokenFilter { TopK = topK, TopP = topP / 1000f, MinP = minP * minP / 1_000_000f };

    /// <summary>The largest 1, some equal, some 0, some tiny.</summary>
    private static float[] Weights(int width, ulong seed)
    {
        var random = new SplitMix64(seed);
        double spread = 1 + random.Next(12);
        float[] weights = new float[width];
        for (int i = 0; i < width; i++)
            weights[i] = random.Next(8) == 0 ? 0 : (float)Math.Exp(-spread * Math.Round(random.NextDouble() * 20) / 20);
        weights[random.Next(width)] = 1;
        return weights;
    }

    private static IEnumerable<int> Reference(TokenFilter filter, float[] weights)
    {
        int[] order = [.. Enumerable.Range(0, weights.Length).Where(token => weights[token] > 0).OrderByDescending(token => weights[token]).ThenBy(token => token)];
        if (filter.TopK > 0)
            order = [.. order.Take(filter.TopK)];
        if (filter.TopP < 1)
            order = Nucleus(order, weights, filter.TopP);
        return order.Where((token, rank) => rank == 0 || weights[token] >= filter.MinP);
    }

    private static int[] Nucleus(int[] order, float[] weights, float share)
    {
        double wanted = share * order.Sum(token => (double)weights[token]), reached = 0;
        int kept = 0;
        while (kept < order.Length && reached < wanted)
            reached += weights[order[kept++]];
        return order[..Math.Max(1, kept)];
    }
}
