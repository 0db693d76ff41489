using Outerloop.Model.Kernels;

namespace Outerloop.Model.Tests.Kernels.Emitted;

public sealed class BFloat16ProductsTests
{
    /// <summary>Of the sum of the absolute products: some roundings of a float.</summary>
    private const double Tolerance = 1e-6;

    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 1, 64, 64 }, { 5, 7, 60 }, { 6, 64, 64 }, { 7, 33, 65 }, { 13, 600, 128 }, { 97, 64, 48 },
        { 100, 129, 17 }, { 40, 40, 300 }, { 12, 1030, 80 }, { 33, 48, 112 }, { 2, 5, 160 }, { 130, 16, 33 }, { 260, 300, 20 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_product_is_that_of_the_rounded_inputs(int rows, int steps, int columns)
    {
        Floats x = new(rows, steps, 1), weight = new(columns, steps, 2), start = new(rows, columns, 3);
        foreach (KernelSet kernels in MixedTiers.All)
        {
            foreach (bool accumulate in new[] { false, true })
            {
                Floats y = start.Clone();
                kernels.Multiply(x.View, PackedMatrix.ForForward(weight.View, kernels.Format), y.View, accumulate);
                AssertTwin(y, (r, k) => x[r, k], (k, c) => weight[c, k], steps, accumulate ? start : null);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_gradient_of_the_input_is_that_of_the_rounded_inputs(int rows, int steps, int columns)
    {
        Floats dy = new(rows, steps, 4), weight = new(steps, columns, 5), dx = new(rows, columns, 6);
        foreach (KernelSet kernels in MixedTiers.All)
        {
            kernels.Multiply(dy.View, PackedMatrix.ForBackward(weight.View, kernels.Format), dx.View);
            AssertTwin(dx, (r, k) => dy[r, k], (k, c) => weight[k, c], steps, null);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_gradient_of_the_weight_is_that_of_the_rounded_inputs(int rows, int tokens, int columns)
    {
        Floats dy = new(tokens, rows, 7), x = new(tokens, columns, 8), start = new(rows, columns, 9);
        foreach (KernelSet kernels in MixedTiers.All)
        {
            Floats dw = start.Clone();
            kernels.AccumulateOuter(dy.View, x.View, dw.View);
            AssertTwin(dw, (r, k) => dy[k, r], (k, c) => x[k, c], tokens, start);
        }
    }

    [Fact]
    public void Nothing_beside_the_result_is_written()
    {
        const int Rows = 37, Steps = 50, Columns = 43;
        Floats x = new(Rows, Steps, 1), weight = new(Columns, Steps, 2), whole = new(Rows + 2, Columns + 40, 3), before = whole.Clone();
        MatrixView inside = whole.View.SliceRows(1, Rows).SliceColumns(16, Columns);
        foreach (KernelSet kernels in MixedTiers.All)
        {
            kernels.Multiply(x.View, PackedMatrix.ForForward(weight.View, kernels.Format), inside);
            for (int row = 0; row < whole.View.Rows; row++)
            {
                for (int column = 0; column < whole.View.Columns; column++)
                {
                    if (row is < 1 or > Rows || column is < 16 or >= 16 + Columns)
                        Assert.Equal(before[row, column], whole[row, column]);
                }
            }
        }
    }

    [Fact]
    public void A_row_does_not_depend_on_how_many_rows_are_beside_it()
    {
        const int Rows = 111, Steps = 700, Columns = 150;
        var x = new Floats(Rows, Steps, 10);
        foreach (KernelSet kernels in MixedTiers.All)
        {
            PackedMatrix weight = PackedMatrix.ForForward(new Floats(Columns, Steps, 11).View, kernels.Format);
            var whole = new Floats(Rows, Columns, 0);
            kernels.Multiply(x.View, weight, whole.View);
            foreach (int count in new[] { 1, 2, 5, 6, 7, 17, 40 })
            {
                var part = new Floats(count, Columns, 0);
                kernels.Multiply(x.View.SliceRows(Rows - count, count), weight, part.View);
                Assert.Equal(whole.View.SliceRows(Rows - count, count).Values(), part.View.Values());
            }
        }
    }

    [Fact]
    public void What_is_not_a_number_stays_in_its_row()
    {
        Floats x = new(40, 64, 1), y = new(40, 64, 2);
        x.Span[(3 * 64) + 5] = float.NaN;
        x.Span[(9 * 64) + 6] = BitConverter.UInt32BitsToSingle(0x7FFF_FFFF);
        x.Span[(20 * 64) + 7] = float.PositiveInfinity;
        foreach (KernelSet kernels in MixedTiers.All)
        {
            kernels.Multiply(x.View, PackedMatrix.ForForward(new Floats(64, 64, 3).View, kernels.Format), y.View);
            for (int row = 0; row < 40; row++)
                Assert.Equal(row is not (3 or 9 or 20), y.View.RowSpan(row).ToArray().All(float.IsFinite));
        }
    }

    [Fact]
    public void A_sum_of_no_steps_is_zero()
    {
        foreach (KernelSet kernels in MixedTiers.All)
        {
            var y = new Floats(3, 8, 1);
            kernels.Multiply(new Floats(3, 0, 1).View, new PackedMatrix(0, 8, kernels.Format), y.View);
            Assert.All(y.View.Values(), value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void What_is_packed_as_floats_is_multiplied_in_float()
    {
        Floats x = new(3, 40, 1), weight = new(8, 40, 2), expected = new(3, 8, 3), y = new(3, 8, 4);
        PackedMatrix packed = PackedMatrix.ForForward(weight.View);
        KernelSet.Available[0].Multiply(x.View, packed, expected.View);
        foreach (KernelSet kernels in KernelSet.AvailableMixed)
        {
            kernels.Multiply(x.View, packed, y.View);
            Assert.Equal(expected.View.Values(), y.View.Values());
        }
    }

    [Fact]
    public void A_portable_tier_refuses_what_is_packed_as_bf16()
    {
        Floats x = new(3, 4, 1), weight = new(8, 4, 2), y = new(3, 8, 3);
        PackedMatrix packed = PackedMatrix.ForForward(weight.View, PackedFormat.BFloat16Pairs);
        foreach (KernelSet kernels in KernelSet.Available)
            Assert.Throws<InvalidOperationException>(() => kernels.Multiply(x.View, packed, y.View));
    }

    private static void AssertTwin(Floats y, Func<int, int, float> a, Func<int, int, float> b, int steps, Floats? start)
    {
        for (int row = 0; row < y.View.Rows; row++)
        {
            for (int column = 0; column < y.View.Columns; column++)
            {
                double sum = start?[row, column] ?? 0, size = Math.Abs(sum);
                for (int k = 0; k < steps; k++)
                {
                    double product = (double)BFloat16Pairs.Round(a(row, k)) * BFloat16Pairs.Round(b(k, column));
                    sum += product;
                    size += Math.Abs(product);
                }

                Assert.InRange(y[row, column], sum - (Tolerance * size), sum + (Tolerance * size));
            }
        }
    }
}
