using Outerloop.Model.Kernels;

namespace Outerloop.Model.Tests.Kernels;

public sealed unsafe class BFloat16PairsTests
{
    [Theory]
    [InlineData(0x3F80_0000u, 0x3F80_0000u)] // 1
    [InlineData(0x3F80_7FFFu, 0x3F80_0000u)] // just below the middle
    [InlineData(0x3F80_8000u, 0x3F80_0000u)] // the middle: down to the even one
    [InlineData(0x3F81_8000u, 0x3F82_0000u)] // the middle: up to the even one
    [InlineData(0x3F80_8001u, 0x3F81_0000u)] // just above it
    [InlineData(0xBFFF_FFFFu, 0xC000_0000u)] // into the next exponent
    [InlineData(0x7F7F_FFFFu, 0x7F80_0000u)] // the largest float, to infinity
    [InlineData(0xFF80_0000u, 0xFF80_0000u)] // −∞
    [InlineData(0x8000_0000u, 0x8000_0000u)] // −0
    public void Rounding_goes_to_the_nearest_and_to_the_even_one_between_two(uint value, uint rounded) =>
        Assert.Equal(rounded, BitConverter.SingleToUInt32Bits(BFloat16Pairs.Round(BitConverter.UInt32BitsToSingle(value))));

    [Theory]
    [InlineData(0x7F80_0001u)]
    [InlineData(0x7FFF_FFFFu)]
    [InlineData(0xFFFF_FFFFu)]
    public void What_is_not_a_number_stays_so(uint value) =>
        Assert.True(float.IsNaN(BFloat16Pairs.Round(BitConverter.UInt32BitsToSingle(value))));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(48)]
    [InlineData(67)]
    [InlineData(81)]
    public void A_row_is_packed_as_its_numbers_are_rounded(int count)
    {
        const int Pairs = 48;
        Floats row = Special(1, count);
        uint* target = stackalloc uint[Pairs];
        new Span<uint>(target, Pairs).Fill(uint.MaxValue);
        BFloat16Pairs.PackRow(row.Data, count, target, Pairs);
        for (int i = 0; i < 2 * Pairs; i++)
            Assert.Equal(i < count ? BFloat16Pairs.Round(row[0, i]) : 0, Half(target[i / 2], i % 2));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 16)]
    [InlineData(7, 35)]
    [InlineData(8, 48)]
    public void Rows_are_packed_in_pairs(int rows, int columns)
    {
        const int Pairs = 6, Width = 48;
        Floats matrix = Special(rows, columns);
        uint* target = stackalloc uint[Pairs * Width];
        new Span<uint>(target, Pairs * Width).Fill(uint.MaxValue);
        BFloat16Pairs.PackRows(matrix.View, target, Width, Pairs);
        for (int row = 0; row < 2 * Pairs; row++)
        {
            for (int column = 0; column < Width; column++)
            {
                float expected = row < rows && column < columns ? BFloat16Pairs.Round(matrix[row, column]) : 0;
                Assert.Equal(expected, Half(target[(row / 2 * Width) + column], row % 2));
            }
        }
    }

    private static Floats Special(int rows, int columns)
    {
        var matrix = new Floats(rows, columns, 1);
        matrix.Span[^1] = float.NaN;
        matrix.Span[matrix.Span.Length / 2] = float.NegativeInfinity;
        matrix.Span[0] = BitConverter.UInt32BitsToSingle(0x3F81_8000);
        return matrix;
    }

    private static float Half(uint pair, int index) => BitConverter.UInt32BitsToSingle(index == 0 ? pair << 16 : pair & 0xFFFF_0000);
}
