using System.Runtime.Intrinsics;

namespace Outerloop.Model.Kernels;

/// <summary>
/// The 512-bit tier with matrix products in mixed precision: inputs are rounded to bf16, sums are of float, and all that is
/// stored between operations, the weights that training steps included, remains float. A right side that is packed as floats
/// is multiplied in float.
/// </summary>
/// <param name="tier">What the products are computed by.</param>
/// <param name="products">Those of packed weights.</param>
/// <param name="rowProducts">Those of weights that are read where they lie; null where they are to be of float.</param>
internal sealed unsafe class MixedKernelSet(KernelTier tier, BFloat16Products products, BFloat16RowProducts? rowProducts) : KernelSet<Simd512, Vector512<float>>(tier)
{
    private readonly BFloat16Attention _attention = new(products);

    public override PackedFormat Format => PackedFormat.BFloat16Pairs;

    public override void Multiply(MatrixView x, PackedMatrix b, MatrixView y, bool accumulate = false)
    {
        if (b.Format == PackedFormat.Single)
            base.Multiply(x, b, y, accumulate);
        else
            products.Multiply(x, b, y, accumulate);
    }

    public override void Multiply(MatrixView x, BFloat16Matrix w, MatrixView y, bool accumulate = false)
    {
        if (rowProducts is null)
            base.Multiply(x, w, y, accumulate);
        else
            rowProducts.Multiply(x, w, y, accumulate);
    }

    public override void AccumulateOuter(MatrixView dy, MatrixView x, MatrixView dw) => products.AccumulateOuter(dy, x, dw);

    public override void Attend(
        AttentionShape shape, MatrixView queries, MatrixView keys, MatrixView values, int firstRow,
        Span<SoftmaxRow> softmax, MatrixView output, float* scratch)
    {
        CheckAttention(shape, queries, keys, values, firstRow);
        CheckSame(queries, output);
        if (RoundsAttention(shape))
            _attention.Forward(shape, queries, keys, values, firstRow, softmax, output, scratch);
        else
            base.Attend(shape, queries, keys, values, firstRow, softmax, output, scratch);
    }

    public override void AttendBackward(
        AttentionShape shape, MatrixView queries, MatrixView keys, MatrixView values, int firstRow,
        ReadOnlySpan<SoftmaxRow> softmax, MatrixView output, MatrixView doutput,
        MatrixView dqueries, MatrixView dkeys, MatrixView dvalues, float* scratch)
    {
        if (RoundsAttention(shape))
        {
            CheckAttention(shape, queries, keys, values, firstRow);
            CheckAttention(shape, dqueries, dkeys, dvalues, firstRow);
            CheckSame(queries, output);
            CheckSame(queries, doutput);
            CheckSame(keys, dkeys);
            _attention.Backward(
                shape, queries, keys, values, firstRow, softmax, output, doutput, dqueries, dkeys, dvalues, scratch);
        }
        else
        {
            base.AttendBackward(
                shape, queries, keys, values, firstRow, softmax, output, doutput, dqueries, dkeys, dvalues, scratch);
        }
    }

    public override double ExerciseMultiplyAdds(int rounds) => products.Exercise(rounds);

    /// <summary>AMX reads the left side upright only, and its blocks of 16 rows are too large for what lies below a diagonal.</summary>
    private bool RoundsAttention(AttentionShape shape) => products.ReadsAside && shape.HeadDim <= BFloat16Attention.WidestHead;
}
