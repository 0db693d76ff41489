using Outerloop.Model.Training;

namespace Outerloop.Model.Tests.Training;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void Warm_up_rises_linearly_then_the_rate_is_constant_then_it_falls_linearly()
    {
        var schedule = new LearningRateSchedule { Peak = 2f, WarmUp = 0.1f, DecayPart = 0.5f };
        Assert.Equal(0.2f, schedule.At(0, 100), 1e-6f);
        Assert.Equal(1f, schedule.At(4, 100), 1e-6f);
        Assert.Equal(2f, schedule.At(9, 100), 1e-6f);
        Assert.Equal(2f, schedule.At(50, 100), 1e-6f);
        Assert.Equal(1f, schedule.At(75, 100), 1e-6f);
        Assert.Equal(0.04f, schedule.At(99, 100), 1e-6f);
    }

    [Fact]
    public void A_cosine_falls_to_half_in_the_middle_of_its_part()
    {
        var schedule = new LearningRateSchedule { Peak = 1f, WarmUp = 0, Decay = LearningRateDecay.Cosine, DecayPart = 1 };
        Assert.Equal(1f, schedule.At(0, 100), 1e-6f);
        Assert.Equal(0.5f, schedule.At(50, 100), 1e-6f);
        Assert.Equal(0.8535534f, schedule.At(25, 100), 1e-6f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(19)]
    public void No_step_of_a_short_training_is_without_effect(int steps)
    {
        var schedule = new LearningRateSchedule { Peak = 1f };
        Assert.All(Enumerable.Range(0, steps), step => Assert.InRange(schedule.At(step, steps), 1e-3f, 1f));
    }
}
