using System.Globalization;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Tests.Pddl;

public sealed class NumberTests
{
    [Fact]
    public void A_fraction_becomes_the_nearest_double() => Seeds.Each(2000, seed =>
    {
        var random = new Random(seed);
        var (numerator, denominator) = (random.NextInt64(-1L << 53, 1L << 53) >> random.Next(53), random.NextInt64(1, 1L << 53) >> random.Next(50) | 1);

        // Division of doubles rounds once, and both are whole numbers that doubles hold.
        Assert.Equal((double)numerator / denominator, (Number.Of(numerator) / Number.Of(denominator)).ToDouble());
    });

    [Fact]
    public void A_decimal_becomes_the_nearest_double() => Seeds.Each(2000, seed =>
    {
        var random = new Random(seed);
        var digits = random.GetString("0123456789", random.Next(1, 40));
        var text = $"{(random.Next(2) == 0 ? "-" : "")}{digits.Insert(random.Next(1, digits.Length + 1), ".")}".TrimEnd('.');

        Assert.True(Number.TryParse(text, out var number));
        Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), number.ToDouble());
    });
}
