using FsCheck;
using FsCheck.Xunit;
using Outerloop.Evaluation;

namespace Outerloop.Tests.Evaluation;

public sealed class PassAtKTests
{
    [Fact]
    public void It_is_the_share_of_k_subsets_with_a_valid_sample()
    {
        for (int n = 1; n <= 9; n++)
        {
            for (int c = 0; c <= n; c++)
            {
                for (int k = 1; k <= n; k++)
                    Assert.Equal(ByEnumeration(n, c, k), PassAtK.Of(n, c, k), 12);
            }
        }
    }

    [Fact]
    public void At_1_it_is_the_mean_and_at_n_whether_any_sample_is_valid()
    {
        TaskScore[] scores = [new(4, 0), new(4, 1), new(4, 4)];
        IReadOnlyList<PassPoint> curve = PassAtK.Curve(scores);

        Assert.Equal([1, 2, 4], curve.Select(point => point.K));
        Assert.Equal(5.0 / 12, curve[0].Pass.Value, 12);
        Assert.Equal(2.0 / 3, curve[^1].Pass.Value, 12);
    }

    [Fact]
    public void The_curve_ends_where_too_few_tasks_have_the_samples()
    {
        TaskScore[] scores = [.. Enumerable.Repeat(new TaskScore(3, 1), 9), new TaskScore(64, 5)];
        Assert.Equal([1, 2, 3], PassAtK.Curve(scores).Select(point => point.K));
        Assert.Empty(PassAtK.Curve([]));
    }

    [Property]
    public bool A_curve_never_falls(NonEmptyArray<byte> valid)
    {
        IReadOnlyList<PassPoint> curve = PassAtK.Curve([.. valid.Get.Select(v => new TaskScore(16, v % 17))]);
        return curve.Zip(curve.Skip(1)).All(pair => pair.First.Pass.Value <= pair.Second.Pass.Value + 1e-12);
    }

    /// <summary>Over all subsets of n samples, of which the first c are valid.</summary>
    private static double ByEnumeration(int n, int c, int k)
    {
        List<int> subsets = [.. Enumerable.Range(0, 1 << n).Where(subset => int.PopCount(subset) == k)];
        return (double)subsets.Count(subset => (subset & ((1 << c) - 1)) != 0) / subsets.Count;
    }
}
