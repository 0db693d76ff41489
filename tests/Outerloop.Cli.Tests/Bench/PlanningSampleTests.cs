using Outerloop.Cli.Commands.Bench;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Cli.Tests.Bench;

public sealed class PlanningSampleTests
{
    [Fact]
    public void Plans_to_measure_with_are_valid_and_as_long_as_asked_for()
    {
        var random = new Random(3);
        PlanningSample[] samples =
        [
            PlanningSample.OfSteps(10, 5, random),
            PlanningSample.OfBlocks(9, random).Prolonged(1000),
            PlanningSample.Of(new Rovers(), SizeRanges.Default, random),
            PlanningSample.Of(new Sokoban(), SizeRanges.Default, random),
        ];
        foreach (PlanningSample sample in samples)
        {
            Verdict verdict = new PlanValidator(sample.Read()).ValidateText(new SourceText("plan", sample.PlanText));
            Assert.True(verdict.IsValid, verdict.Message);
            Assert.Equal(sample.Steps, verdict.Cost);
        }
    }
}
