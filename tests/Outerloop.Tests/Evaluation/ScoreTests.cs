using FsCheck.Xunit;
using Outerloop.Evaluation;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Tests.Evaluation;

public sealed class ScoreTests
{
    [Fact]
    public void Scores_are_shares_of_tasks()
    {
        SampleScores scores = SampleScores.Of(
        [
            SomeTrace.Of(0, sample: 0), SomeTrace.Of(0, sample: 1), SomeTrace.Of(0, sample: 2),
            SomeTrace.Of(1, sample: 0), SomeTrace.Of(1, sample: 1, outcome: Outcome.Invalid), SomeTrace.Of(1, sample: 2, outcome: Outcome.Malformed),
            SomeTrace.Of(2, sample: 0, outcome: Outcome.Truncated), SomeTrace.Of(2, sample: 1, outcome: Outcome.Invalid), SomeTrace.Of(2, sample: 2, outcome: Outcome.Invalid),
            SomeTrace.Of(3, sample: 0), SomeTrace.Of(3, sample: 1), SomeTrace.Of(3, sample: 2, outcome: Outcome.ModelFailed),
        ], 3);

        Assert.Equal(3, scores.Tasks);
        Assert.Equal(4.0 / 9, scores.Average, 12);
        Assert.Equal(1.0 / 3, scores.Unanimous, 12);
        Assert.Equal(2.0 / 3, scores.Pass, 12);
    }

    [Fact]
    public void The_machinerys_failures_are_no_wrong_answers()
    {
        SampleScores scores = SampleScores.Of([SomeTrace.Of(0), SomeTrace.Of(0, sample: 1, outcome: Outcome.ModelFailed), SomeTrace.Of(1, outcome: Outcome.VerifierFailed)], 1);
        Assert.Equal(new SampleScores(1, 1, 1, 1), scores);
    }

    [Property]
    public bool Unanimous_is_at_most_average_is_at_most_pass(bool[] valid)
    {
        SampleScores scores = SampleScores.Of(valid.Select((ok, i) => SomeTrace.Of(i / 3, sample: i % 3, outcome: ok ? Outcome.Valid : Outcome.Invalid)), 3);
        return scores.Unanimous <= scores.Average + 1e-12 && scores.Average <= scores.Pass + 1e-12;
    }

    // Brown, Cai and DasGupta, "Interval Estimation for a Binomial Proportion" (2001), give the formula; these values are it, worked by hand.
    [Theory]
    [InlineData(0, 10, 0.0, 0.277533)]
    [InlineData(5, 10, 0.236593, 0.763407)]
    [InlineData(10, 10, 0.722467, 1.0)]
    public void Wilsons_interval_has_its_known_values(int successes, int trials, double low, double high)
    {
        (double Low, double High) interval = Wilson.Interval(successes, trials);
        Assert.Equal(low, interval.Low, 5);
        Assert.Equal(high, interval.High, 5);
    }

    [Property]
    public bool Wilsons_interval_holds_the_rate(ushort first, ushort second)
    {
        int trials = Math.Max(first, second) + 1, successes = Math.Min(first, second);
        (double low, double high) = Wilson.Interval(successes, trials);
        double rate = (double)successes / trials;
        return low >= 0 && low <= rate + 1e-12 && rate <= high + 1e-12 && high <= 1;
    }
}
