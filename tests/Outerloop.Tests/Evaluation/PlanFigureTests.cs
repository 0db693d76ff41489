using System.Globalization;
using FsCheck.Xunit;
using Outerloop.Evaluation;
using Outerloop.Planning.Validation;
using Outerloop.Tasks;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Tests.Evaluation;

public sealed class PlanFigureTests
{
    [Fact]
    public void Lengths_are_counted_over_valid_plans()
    {
        PlanLengths lengths = PlanLengths.Of(
            [SomeTrace.Of(0, steps: 4), SomeTrace.Of(1, steps: 10), SomeTrace.Of(2, steps: 4), SomeTrace.Of(3, steps: 30, outcome: Outcome.Invalid)]);

        Assert.Equal([new PlanLengthCount(4, 2), new PlanLengthCount(10, 1)], lengths.Counts);
        Assert.Equal((3, 1, 1, 0), (lengths.AtLeast(1), lengths.AtLeast(5), lengths.AtLeast(10), lengths.AtLeast(11)));
        Assert.Equal(10, lengths.Max);
    }

    [Fact]
    public void Diversity_counts_what_is_new()
    {
        List<PlanDiversity> diversity = [.. PlanDiversity.Of(
        [
            [(Task(0), PlanOf("pickup", "stack")), (Task(1), PlanOf("pickup", "stack"))],
            [(Task(0), PlanOf("pickup", "stack")), (Task(0), PlanOf("unstack", "stack")), (Task(2), PlanOf("pickup", "stack"))],
        ])];

        Assert.Equal((2, 0, 2, 2), (diversity[0].Valid, diversity[0].Duplicates, diversity[0].EverSolved, diversity[0].DistinctPlans));
        Assert.Equal((3, 1, 3, 4), (diversity[1].Valid, diversity[1].Duplicates, diversity[1].EverSolved, diversity[1].DistinctPlans));
        Assert.Equal(1, diversity[0].Entropies[0], 12);
        Assert.Equal(0, diversity[0].Entropies[1], 12);
        Assert.Equal(0, diversity[0].Entropies[2]);
    }

    [Fact]
    public void Entropy_of_equally_frequent_grams_is_the_logarithm_of_their_number() =>
        Assert.Equal(2, PlanDiversity.Entropy([PlanOf("a", "b", "c", "d")], 1), 12);

    [Property]
    public bool Every_size_is_in_a_band_that_names_it(FsCheck.NonEmptyArray<byte> sizes)
    {
        var bands = new SizeBands([.. sizes.Get.Select(size => (int)size)]);
        return sizes.Get.All(size =>
        {
            int[] limits = [.. bands.Name(bands.Of(size)).Split('-').Select(limit => int.Parse(limit, CultureInfo.InvariantCulture))];
            return bands.Of(size) is >= 0 and < 12 && limits[0] <= size && size <= limits[^1];
        });
    }

    private static TaskId Task(int number) => new("blocksworld", TaskSet.Pool, number);

    private static Plan PlanOf(params string[] actions) => new([.. actions.Select(action => new PlanStep(action, ["b1"], 1, 1))]);
}
