using Microsoft.Extensions.Time.Testing;
using Outerloop.Deployment.Workers;

namespace Outerloop.Tests.Deployment.Workers;

public sealed class PortionsTests
{
    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData(3, 16)] // a large model
    [InlineData(100, 100)]
    [InlineData(5000, 256)]
    public void A_portion_is_what_was_given_in_the_last_tenth_of_a_second_within_bounds(int inATenth, int portion)
    {
        var portions = new Portions(_clock);
        Give(portions, 3 * inATenth, TimeSpan.FromMilliseconds(300));

        Assert.Equal(portion, portions.Next());
    }

    [Fact]
    public void Until_answers_have_come_portions_stay_small_however_many_are_begun()
    {
        var portions = new Portions(_clock);

        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(16, portions.Next()));
        Give(portions, 0, TimeSpan.FromSeconds(30));
        Assert.Equal(16, portions.Next());
    }

    [Fact]
    public void A_model_that_has_become_slow_gets_small_portions_again()
    {
        var portions = new Portions(_clock);
        Give(portions, 1000, TimeSpan.FromMilliseconds(100));
        Assert.Equal(256, portions.Next());
        Give(portions, 10, TimeSpan.FromSeconds(1));

        Assert.Equal(16, portions.Next());
    }

    private void Give(Portions portions, int answers, TimeSpan within)
    {
        for (int i = 0; i < answers; i++)
            portions.Given();
        _clock.Advance(within);
    }
}
