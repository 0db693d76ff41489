using Outerloop.Evaluation;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Tests.Evaluation;

public sealed class ScoreDifferenceTests
{
    private static readonly Dictionary<int, TaskScore> First = new() { [0] = new(2, 0), [1] = new(2, 1), [2] = new(2, 2), [3] = new(2, 2) };
    private static readonly Dictionary<int, TaskScore> Second = new() { [0] = new(2, 1), [1] = new(2, 0), [2] = new(2, 1), [4] = new(2, 2) };

    [Fact]
    public void Tasks_that_both_have_are_compared_one_by_one()
    {
        ScoreDifference difference = ScoreDifference.OfPairs(First, Second)!;

        Assert.True(difference.Paired);
        Assert.Equal((3, 1, 1), (difference.Tasks, difference.Won, difference.Lost));
        Assert.Equal(0.5, difference.First, 12);
        Assert.Equal(-1.0 / 6, difference.Difference, 12);
        Assert.InRange(difference.Difference, difference.Low, difference.High);
    }

    [Fact]
    public void A_model_does_not_differ_from_itself()
    {
        ScoreDifference difference = ScoreDifference.OfPairs(First, First)!;
        Assert.Equal((0, 0, 0, 0, 0), (difference.Difference, difference.Low, difference.High, difference.Won, difference.Lost));
    }

    [Fact]
    public void Without_common_tasks_only_the_means_differ()
    {
        Assert.Null(ScoreDifference.OfPairs(First, new Dictionary<int, TaskScore> { [9] = new(1, 1) }));
        ScoreDifference difference = ScoreDifference.OfMeans(First.Values, Second.Values)!;
        Assert.False(difference.Paired);
        Assert.Equal(0.5 - (5.0 / 8), difference.Difference, 12);
    }

    [Fact]
    public void The_machinerys_failures_are_no_samples()
    {
        TaskScore score = Assert.Single(TaskScore.Of([SomeTrace.Of(3), SomeTrace.Of(3, sample: 1, outcome: Outcome.ModelFailed), SomeTrace.Of(4, outcome: Outcome.VerifierFailed)]).Values);
        Assert.Equal(new TaskScore(1, 1), score);
    }
}
