using FsCheck.Xunit;
using Outerloop.Reward;

namespace Outerloop.Tests.Reward;

public sealed class LogisticFitTests
{
    /// <summary>The penalty is known to add ½ to each cell of a saturated table.</summary>
    [Property(MaxTest = 50)]
    public void A_table_of_counts_is_fitted_with_a_half_added_to_each_cell(byte a, byte b, byte c, byte d)
    {
        (int kept0, int not0, int kept1, int not1) = (a % 40, 1 + (b % 40), c % 40, 1 + (d % 40));
        double[][] rows = [.. Rows(0, kept0 + not0), .. Rows(1, kept1 + not1)];
        double[] outcomes = [.. Outcomes(kept0, not0), .. Outcomes(kept1, not1)];

        LogisticFit fit = LogisticFit.Of(rows, outcomes);

        double odds0 = (kept0 + 0.5) / (not0 + 0.5), odds1 = (kept1 + 0.5) / (not1 + 0.5);
        Assert.Equal(Math.Log(odds0), fit.Coefficients[0], 1e-6);
        Assert.Equal(Math.Log(odds1 / odds0), fit.Coefficients[1], 1e-6);
        double Variance(double odds, int count) => (1 + odds) * (1 + odds) / (odds * count);
        Assert.Equal(Math.Sqrt(Variance(odds0, kept0 + not0) + Variance(odds1, kept1 + not1)), fit.Errors[1], 1e-6);
    }

    [Fact]
    public void A_rule_without_exceptions_has_a_finite_estimate()
    {
        double[][] rows = [.. Enumerable.Range(0, 400).Select(i => (double[])[1, i < 200 ? 0 : 1, i % 7])];
        LogisticFit fit = LogisticFit.Of(rows, [.. rows.Select(row => row[1])]);
        Assert.InRange(fit.Coefficients[1], 8, 20);
        Assert.InRange(fit.Errors[1], 0.5, 5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Intervals_hold_the_coefficients_that_the_data_were_drawn_with(ulong seed)
    {
        double[] truth = [-0.7, 1.5, -0.4];
        Random random = new Seed(seed).ToRandom();
        double[][] rows = [.. Enumerable.Range(0, 6000).Select(_ => (double[])[1, random.NextDouble(), 4 * random.NextDouble()])];
        double[] outcomes = [.. rows.Select(row => random.NextDouble() < 1 / (1 + Math.Exp(-row.Zip(truth, (x, b) => x * b).Sum())) ? 1.0 : 0)];
        LogisticFit fit = LogisticFit.Of(rows, outcomes);
        for (int j = 0; j < truth.Length; j++)
            Assert.InRange((fit.Coefficients[j] - truth[j]) / fit.Errors[j], -3.5, 3.5);
        Assert.All(fit.Errors, error => Assert.InRange(error, 0.01, 0.2));
    }

    private static IEnumerable<double[]> Rows(double feature, int count) => Enumerable.Range(0, count).Select(_ => (double[])[1, feature]);

    private static IEnumerable<double> Outcomes(int kept, int not) => [.. Enumerable.Repeat(1.0, kept), .. Enumerable.Repeat(0.0, not)];
}
