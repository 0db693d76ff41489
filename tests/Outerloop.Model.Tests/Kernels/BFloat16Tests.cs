using FsCheck.Xunit;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Tests.Kernels;

public sealed unsafe class BFloat16Tests
{
    [Fact]
    public void Rounding_undoes_widening_of_every_number()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            float wide = BFloat16.Widen((ushort)bits);
            if (float.IsNaN(wide))
                Assert.True(float.IsNaN(BFloat16.Widen(BFloat16.Round(wide))));
            else
                Assert.Equal((ushort)bits, BFloat16.Round(wide));
        }
    }

    [Property(MaxTest = 1000)]
    public bool A_number_goes_to_the_nearest_and_to_the_even_one_between_two(uint bits)
    {
        float value = BitConverter.UInt32BitsToSingle(bits & 0xBFFF_FFFF);
        ushort below = (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16), above = (ushort)(below + 1);
        double down = Math.Abs((double)value - BFloat16.Widen(below)), up = Math.Abs(BFloat16.Widen(above) - (double)value);
        ushort expected = down < up || (down == up && below % 2 == 0) ? below : above;
        return BFloat16.Round(value) == expected;
    }

    [Property(MaxTest = 200)]
    public void Many_are_rounded_as_one_by_one(uint[] bits, byte length)
    {
        float[] values = [.. Enumerable.Range(0, length).Select(i => BitConverter.UInt32BitsToSingle(
            bits.Length == 0 ? 0x7FFF_FFFF : (bits[i % bits.Length] * 2654435761) ^ (uint)i))];
        ushort[] rounded = new ushort[values.Length];
        fixed (float* from = values)
        {
            fixed (ushort* to = rounded)
                BFloat16.Round(from, to, values.Length);
        }

        Assert.Equal(values.Select(BFloat16.Round), rounded);
    }

    [Fact]
    public void What_is_not_a_number_stays_so()
    {
        foreach (uint bits in new uint[] { 0x7F80_0001, 0x7FFF_FFFF, 0xFFFF_FFFF, 0xFFC0_0000 })
            Assert.True(float.IsNaN(BFloat16.Widen(BFloat16.Round(BitConverter.UInt32BitsToSingle(bits)))));
        Assert.Equal(float.PositiveInfinity, BFloat16.Widen(BFloat16.Round(float.MaxValue)));
    }
}
