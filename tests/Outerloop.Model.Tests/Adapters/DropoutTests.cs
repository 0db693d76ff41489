using Outerloop.Model.Adapters;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Tests.Adapters;

public sealed class DropoutTests
{
    [Theory]
    [InlineData(1, 1, 0.5f)]
    [InlineData(5, 67, 0.05f)]
    [InlineData(3, 16, 0.9f)]
    public unsafe void Every_element_is_kept_or_dropped_as_in_the_scalar_twin(int rows, int columns, float rate)
    {
        var random = new SplitMix64(1);
        FloatBuffer x = new(rows * columns), y = new(rows * columns), sum = new(rows * columns);
        foreach (ref float value in x.Span)
            value = random.NextNormal();
        sum.Span.Fill(1);
        var dropout = new Dropout(42, rate);
        dropout.Apply(x.Matrix(rows, columns), y.Matrix(rows, columns));
        dropout.Apply(x.Matrix(rows, columns), sum.Matrix(rows, columns), accumulate: true);
        for (int row = 0; row < rows; row++)
        {
            double[] line = [.. x.Span.Slice(row * columns, columns).ToArray().Select(value => (double)value)];
            double[] expected = ReferenceAdapter.Dropped(line, row, 42, rate);
            for (int column = 0; column < columns; column++)
            {
                Assert.Equal(expected[column], y.Span[(row * columns) + column], 1e-5 * (1 + Math.Abs(expected[column])));
                Assert.Equal(1 + expected[column], sum.Span[(row * columns) + column], 1e-5 * (1 + Math.Abs(expected[column])));
            }
        }
    }

    [Theory]
    [InlineData(0.05f)]
    [InlineData(0.5f)]
    public void The_share_dropped_is_the_rate_in_every_row_and_column(float rate)
    {
        const int Rows = 400, Columns = 300;
        FloatBuffer x = new(Rows * Columns), y = new(Rows * Columns);
        x.Span.Fill(1);
        new Dropout(9, rate).Apply(x.Matrix(Rows, Columns), y.Matrix(Rows, Columns));
        float[] values = y.Span.ToArray();
        double Spread(double share, int count) => Math.Abs(share - rate) / Math.Sqrt(rate * (1 - rate) / count);
        for (int row = 0; row < Rows; row++)
            Assert.InRange(Spread(values.Skip(row * Columns).Take(Columns).Count(v => v == 0) / (double)Columns, Columns), 0, 5);
        for (int column = 0; column < Columns; column++)
            Assert.InRange(Spread(Enumerable.Range(0, Rows).Count(row => values[(row * Columns) + column] == 0) / (double)Rows, Rows), 0, 5);
        Assert.InRange(Spread(values.Count(v => v == 0) / (double)values.Length, values.Length), 0, 4);
    }
}
