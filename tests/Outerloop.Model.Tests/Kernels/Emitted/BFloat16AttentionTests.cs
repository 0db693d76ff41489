using Outerloop.Model.Kernels;

namespace Outerloop.Model.Tests.Kernels.Emitted;

public sealed unsafe class BFloat16AttentionTests
{
    /// <summary>Root mean square of the errors beside that of the values: a few roundings to eight bits.</summary>
    private const double Tolerance = 0.01;

    [Theory]
    [InlineData(1, 1, 1, 8, 0)]
    [InlineData(17, 4, 2, 32, 0)]
    [InlineData(70, 2, 1, 6, 0)]
    [InlineData(131, 2, 2, 16, 60)]
    [InlineData(65, 3, 1, 72, 6)]
    [InlineData(40, 1, 1, 128, 36)]
    [InlineData(530, 1, 1, 16, 498)]
    public void Attention_and_its_gradient_agree_with_float_but_for_roundings(int tokens, int heads, int kvHeads, int headDim, int firstRow)
    {
        var shape = new AttentionShape(heads, kvHeads, headDim);
        Result expected = Attend(KernelSet.Available[0], shape, tokens, firstRow);
        foreach (KernelSet kernels in MixedTiers.All)
        {
            Result actual = Attend(kernels, shape, tokens, firstRow);
            AssertNear(expected.Output, actual.Output, firstRow);
            AssertNear(expected.Dq, actual.Dq, firstRow);
            AssertNear(expected.Dk, actual.Dk, 0);
            AssertNear(expected.Dv, actual.Dv, 0);
        }
    }

    [Fact]
    public void What_the_scratch_holds_before_does_not_matter()
    {
        var shape = new AttentionShape(2, 1, 16);
        foreach (KernelSet kernels in MixedTiers.All)
        {
            Result clean = Attend(kernels, shape, 45, 6), dirty = Attend(kernels, shape, 45, 6, scratchOf: float.NaN);
            Assert.Equal(clean.Dq.View.SliceRows(6, 39).Values(), dirty.Dq.View.SliceRows(6, 39).Values());
            Assert.Equal(clean.Dk.View.Values(), dirty.Dk.View.Values());
            Assert.Equal(clean.Dv.View.Values(), dirty.Dv.View.Values());
        }
    }

    private static Result Attend(KernelSet kernels, AttentionShape shape, int tokens, int firstRow, float scratchOf = 0)
    {
        int width = shape.Heads * shape.HeadDim, keyWidth = shape.KvHeads * shape.HeadDim;
        Floats q = new(tokens, width, 1), k = new(tokens, keyWidth, 2), v = new(tokens, keyWidth, 3), dout = new(tokens, width, 4);
        Floats output = new(tokens, width, 5), dq = new(tokens, width, 6), dk = new(tokens, keyWidth, 7);
        var scratch = new Floats(1, Math.Max(shape.BackwardScratch(tokens), shape.ForwardScratch(tokens)), 5);
        scratch.Span.Fill(scratchOf);
        var softmax = new SoftmaxRow[shape.Heads * tokens];
        kernels.Attend(shape, q.View, k.View, v.View, firstRow, softmax, output.View, scratch.Data);
        scratch.Span.Fill(scratchOf);
        // The values' gradient may take the place of the values.
        kernels.AttendBackward(
            shape, q.View, k.View, v.View, firstRow, softmax, output.View, dout.View, dq.View, dk.View, v.View, scratch.Data);
        return new Result(output, dq, dk, v);
    }

    private static void AssertNear(Floats expected, Floats actual, int firstRow)
    {
        int rows = expected.View.Rows - firstRow;
        float[] wanted = expected.View.SliceRows(firstRow, rows).Values(), got = actual.View.SliceRows(firstRow, rows).Values();
        double error = Size(wanted.Zip(got, (x, y) => x - y));
        Assert.InRange(error, 0, (Tolerance * Size(wanted)) + 1e-6);
    }

    private static double Size(IEnumerable<float> values) => Math.Sqrt(values.Average(value => (double)value * value));

    private sealed record Result(Floats Output, Floats Dq, Floats Dk, Floats Dv);
}
