using Outerloop.Model.Kernels;

namespace Outerloop.Model.Tests.Kernels;

public sealed class GemmTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 1, 64, 64 }, { 5, 7, 60 }, { 6, 64, 64 }, { 7, 33, 65 }, { 13, 600, 128 }, { 97, 64, 48 },
        { 100, 129, 17 }, { 200, 40, 200 }, { 12, 1030, 80 }, { 3, 48, 112 }, { 2, 5, 160 }, { 4, 16, 33 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_product_has_the_bits_of_one_ascending_chain_in_every_tier(int rows, int steps, int columns)
    {
        var x = new Floats(rows, steps, 1);
        var weight = new Floats(columns, steps, 2);
        var start = new Floats(rows, columns, 3);
        foreach (KernelSet kernels in KernelSet.Available)
        {
            foreach (bool accumulate in new[] { false, true })
            {
                var y = start.Clone();
                kernels.Multiply(x.View, PackedMatrix.ForForward(weight.View), y.View, accumulate);
                for (int r = 0; r < rows; r++)
                {
                    for (int c = 0; c < columns; c++)
                        Assert.Equal(Chain(k => x[r, k], k => weight[c, k], steps, accumulate ? start[r, c] : 0), y[r, c]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_gradient_of_the_input_has_the_bits_of_one_ascending_chain(int rows, int columns, int steps)
    {
        var dy = new Floats(rows, steps, 4);
        var weight = new Floats(steps, columns, 5);
        foreach (KernelSet kernels in KernelSet.Available)
        {
            var dx = new Floats(rows, columns, 6);
            kernels.Multiply(dy.View, PackedMatrix.ForBackward(weight.View), dx.View);
            for (int r = 0; r < rows; r++)
            {
                for (int c = 0; c < columns; c++)
                    Assert.Equal(Chain(k => dy[r, k], k => weight[k, c], steps, 0), dx[r, c]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_gradient_of_the_weight_has_the_bits_of_one_ascending_chain(int tokens, int rows, int columns)
    {
        var dy = new Floats(tokens, rows, 7);
        var x = new Floats(tokens, columns, 8);
        var start = new Floats(rows, columns, 9);
        foreach (KernelSet kernels in KernelSet.Available)
        {
            var dw = start.Clone();
            kernels.AccumulateOuter(dy.View, x.View, dw.View);
            for (int r = 0; r < rows; r++)
            {
                for (int c = 0; c < columns; c++)
                    Assert.Equal(Chain(k => dy[k, r], k => x[k, c], tokens, start[r, c]), dw[r, c]);
            }
        }
    }

    [Fact]
    public void A_row_does_not_depend_on_how_many_rows_are_beside_it()
    {
        const int Rows = 111, Steps = 700, Columns = 150;
        var x = new Floats(Rows, Steps, 10);
        PackedMatrix weight = PackedMatrix.ForForward(new Floats(Columns, Steps, 11).View);
        foreach (KernelSet kernels in KernelSet.Available)
        {
            var whole = new Floats(Rows, Columns, 0);
            kernels.Multiply(x.View, weight, whole.View);
            for (int count = 1; count <= 7; count++)
            {
                var part = new Floats(count, Columns, 0);
                kernels.Multiply(x.View.SliceRows(Rows - count, count), weight, part.View);
                Assert.Equal(whole.View.SliceRows(Rows - count, count).Values(), part.View.Values());
            }
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        PackedMatrix weight = PackedMatrix.ForForward(new Floats(8, 4, 1).View);
        foreach (KernelSet kernels in KernelSet.Available)
        {
            Assert.Throws<InvalidOperationException>(
                () => kernels.Multiply(new Floats(3, 5, 1).View, weight, new Floats(3, 8, 1).View));
            Assert.Throws<InvalidOperationException>(
                () => kernels.Multiply(new Floats(3, 4, 1).View, weight, new Floats(3, 7, 1).View));
        }
    }

    private static float Chain(Func<int, float> a, Func<int, float> b, int steps, float start)
    {
        float sum = start;
        for (int k = 0; k < steps; k++)
            sum = MathF.FusedMultiplyAdd(a(k), b(k), sum);
        return sum;
    }
}
