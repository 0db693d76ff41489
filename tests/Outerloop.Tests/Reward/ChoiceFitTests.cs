using System.Collections.Immutable;
using FsCheck.Xunit;
using Outerloop.Reward;

namespace Outerloop.Tests.Reward;

public sealed class ChoiceFitTests
{
    /// <summary>Of matched pairs the likelihood is a binomial one, to which the penalty is known to add ½ on either side.</summary>
    [Property(MaxTest = 50)]
    public void Matched_pairs_are_fitted_with_a_half_added_to_either_side(byte a, byte b)
    {
        (int with, int without) = (a % 60, 1 + (b % 60));
        Choice[] choices = [.. Enumerable.Range(0, with + without).Select(i => new Choice([[1], [0]], i < with ? 0 : 1))];

        ChoiceFit fit = ChoiceFit.Of(choices);

        double p = (with + 0.5) / (with + without + 1);
        Assert.Equal(Math.Log(p / (1 - p)), fit.Coefficients[0], 1e-6);
        Assert.Equal(1 / Math.Sqrt((with + without) * p * (1 - p)), fit.Errors[0], 1e-6);
    }

    [Property(MaxTest = 20)]
    public void What_is_the_same_for_all_alternatives_of_a_choice_cancels(int seed)
    {
        Random random = new Seed((ulong)seed).ToRandom();
        Choice[] choices = Drawn(random, [0.8, -0.5], 200);
        Choice[] moved = [.. choices.Select(choice =>
        {
            double[] difficulty = [20 * random.NextDouble(), 5 * random.NextDouble()];
            return choice with { Rows = [.. choice.Rows.Select(row => row.Zip(difficulty, (x, d) => x + d).ToArray())] };
        })];
        (ChoiceFit fit, ChoiceFit other) = (ChoiceFit.Of(choices), ChoiceFit.Of(moved));
        for (int j = 0; j < 2; j++)
        {
            Assert.Equal(fit.Coefficients[j], other.Coefficients[j], 1e-6);
            Assert.Equal(fit.Errors[j], other.Errors[j], 1e-6);
        }
    }

    [Property(MaxTest = 20)]
    public void Alternatives_that_are_counted_together_are_fitted_as_if_they_stood_one_by_one(int seed)
    {
        Random random = new Seed((ulong)seed).ToRandom();
        Choice[] counted = [.. Drawn(random, [0.8, -0.5], 60).Select(choice => choice with { Times = [.. choice.Rows.Select((_, i) => i == choice.Taken ? 1 : 1 + random.Next(5))] })];
        Choice[] apart = [.. counted.Select(choice => new Choice([choice.Rows[choice.Taken], .. choice.Rows.SelectMany((row, i) => i == choice.Taken ? [] : Enumerable.Repeat(row, choice.Times[i]))], 0))];

        (ImmutableArray<Preference> together, ImmutableArray<Preference> oneByOne) = (Preference.Of(counted), Preference.Of(apart));

        Assert.Equal(2, together.Length);
        foreach ((Preference one, Preference other) in together.Zip(oneByOne))
        {
            Assert.Equal(other.Deviation, one.Deviation, 1e-9);
            Assert.Equal(other.PerDeviation, one.PerDeviation, 1e-6);
            Assert.Equal(other.Error, one.Error, 1e-6);
        }
    }

    [Fact]
    public void A_rule_without_exceptions_has_a_finite_estimate()
    {
        Choice[] choices = [.. Drawn(new Seed(1).ToRandom(), [0, 0], 300).Select(choice =>
            choice with { Taken = Array.IndexOf(choice.Rows, choice.Rows.MaxBy(row => row[0])) })];
        ChoiceFit fit = ChoiceFit.Of(choices);
        Assert.InRange(fit.Coefficients[0], 10, 1000);
        Assert.InRange(fit.Coefficients[0] / fit.Errors[0], 2, 100);
        Assert.InRange(fit.Coefficients[1] / fit.Errors[1], -2, 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Intervals_hold_the_coefficients_that_the_choices_were_made_with(ulong seed)
    {
        double[] truth = [1.5, -0.4];
        ChoiceFit fit = ChoiceFit.Of(Drawn(new Seed(seed).ToRandom(), truth, 2000));
        for (int j = 0; j < truth.Length; j++)
            Assert.InRange((fit.Coefficients[j] - truth[j]) / fit.Errors[j], -3.5, 3.5);
        Assert.All(fit.Errors, error => Assert.InRange(error, 0.01, 0.2));
    }

    private static Choice[] Drawn(Random random, double[] truth, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ =>
        {
            double[][] rows = [.. Enumerable.Range(0, 2 + random.Next(4)).Select(_ => (double[])[random.NextDouble(), 4 * random.NextDouble()])];
            double[] odds = [.. rows.Select(row => Math.Exp(row.Zip(truth, (x, b) => x * b).Sum()))];
            double draw = random.NextDouble() * odds.Sum();
            int taken = 0;
            while (taken < odds.Length - 1 && (draw -= odds[taken]) > 0)
                taken++;
            return new Choice(rows, taken);
        }),
    ];
}
