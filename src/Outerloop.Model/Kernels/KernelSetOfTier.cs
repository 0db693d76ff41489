using System.Runtime.CompilerServices;

namespace Outerloop.Model.Kernels;

/// <summary>Binds the generic kernels to one tier.</summary>
internal unsafe class KernelSet<TSimd, TVector>(KernelTier tier) : KernelSet
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public override KernelTier Tier => tier;

    public override void Multiply(MatrixView x, PackedMatrix b, MatrixView y, bool accumulate = false) =>
        Gemm<TSimd, TVector>.Multiply(x, b, y, accumulate);

    public override void Multiply(MatrixView x, BFloat16Matrix w, MatrixView y, bool accumulate = false) =>
        BFloat16Product<TSimd, TVector>.Multiply(x, w, y, accumulate);

    public override void AccumulateOuter(MatrixView dy, MatrixView x, MatrixView dw) =>
        Gemm<TSimd, TVector>.AccumulateOuter(dy, x, dw);

    public override void Normalise(MatrixView x, float* weight, float epsilon, MatrixView y, float* inverse)
    {
        CheckSame(x, y);
        RmsNorm<TSimd, TVector>.Forward(x, weight, epsilon, y, inverse);
    }

    public override void NormaliseBackward(
        MatrixView dy, MatrixView x, float* weight, float* inverse, MatrixView dx, float* dweight, MatrixView y)
    {
        CheckSame(dy, x);
        CheckSame(x, dx);
        CheckSame(x, y);
        RmsNorm<TSimd, TVector>.Backward(dy, x, weight, inverse, dx, dweight, y);
    }

    public override void NormaliseHeads(
        MatrixView x, float* weight, float epsilon, RotaryTable table, ReadOnlySpan<int> positions, MatrixView y, float* inverse)
    {
        CheckSame(x, y);
        CheckHeads(x, table, positions);
        HeadNormRotary<TSimd, TVector>.Forward(x, weight, epsilon, table, positions, y, inverse);
    }

    public override void NormaliseHeadsBackward(
        MatrixView dy, MatrixView x, float* weight, RotaryTable table, ReadOnlySpan<int> positions, float* inverse,
        MatrixView dx, float* dweight)
    {
        CheckSame(dy, x);
        CheckSame(x, dx);
        CheckHeads(x, table, positions);
        HeadNormRotary<TSimd, TVector>.Backward(dy, x, weight, table, positions, inverse, dx, dweight);
    }

    public override void Gate(MatrixView gateUp, MatrixView hidden)
    {
        CheckGate(gateUp, hidden);
        SwiGlu<TSimd, TVector>.Forward(gateUp, hidden);
    }

    public override void GateBackward(MatrixView gateUp, MatrixView dhidden)
    {
        CheckGate(gateUp, dhidden);
        SwiGlu<TSimd, TVector>.Backward(gateUp, dhidden);
    }

    public override void LogProbabilities(MatrixView logits, ReadOnlySpan<int> targets, Span<float> logProbabilities) =>
        SoftmaxCrossEntropy<TSimd, TVector>.LogProbabilities(logits, targets, logProbabilities);

    public override void CrossEntropyGradient(
        MatrixView logits, ReadOnlySpan<int> targets, ReadOnlySpan<float> weights, Span<float> logProbabilities) =>
        SoftmaxCrossEntropy<TSimd, TVector>.Gradient(logits, targets, weights, logProbabilities);

    public override void Attend(
        AttentionShape shape, MatrixView queries, MatrixView keys, MatrixView values, int firstRow,
        Span<SoftmaxRow> softmax, MatrixView output, float* scratch)
    {
        CheckAttention(shape, queries, keys, values, firstRow);
        CheckSame(queries, output);
        CausalAttention<TSimd, TVector>.Forward(shape, queries, keys, values, firstRow, softmax, output, scratch);
    }

    public override void AttendBackward(
        AttentionShape shape, MatrixView queries, MatrixView keys, MatrixView values, int firstRow,
        ReadOnlySpan<SoftmaxRow> softmax, MatrixView output, MatrixView doutput,
        MatrixView dqueries, MatrixView dkeys, MatrixView dvalues, float* scratch)
    {
        CheckAttention(shape, queries, keys, values, firstRow);
        CheckAttention(shape, dqueries, dkeys, dvalues, firstRow);
        CheckSame(queries, output);
        CheckSame(queries, doutput);
        CheckSame(keys, dkeys);
        CausalAttention<TSimd, TVector>.Backward(
            shape, queries, keys, values, firstRow, softmax, output, doutput, dqueries, dkeys, dvalues, scratch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override SoftmaxRow SoftmaxOfRow(float* scores, int width, float scale) =>
        Softmax<TSimd, TVector>.Row(scores, width, scale);

    public override double SumGradients(ReadOnlySpan<FloatBuffer> parts, int start, int length) =>
        GradientSum<TSimd, TVector>.Run(parts, start, length);

    public override void UpdateParameters(
        AdamStep step, float* parameter, float* gradient, float* first, float* second, int length) =>
        AdamUpdate<TSimd, TVector>.Run(step, parameter, gradient, first, second, length);

    public override double ExerciseMultiplyAdds(int rounds) =>
        FmaPeak<TSimd, TVector>.Run(rounds) > 0 ? FmaPeak<TSimd, TVector>.Operations(rounds) : 0;

    protected static void CheckAttention(
        AttentionShape shape, MatrixView queries, MatrixView keys, MatrixView values, int firstRow)
    {
        MatrixView.Check(
            queries.Columns == shape.Heads * shape.HeadDim && keys.Columns == shape.KvHeads * shape.HeadDim
            && values.Columns == keys.Columns && queries.Rows == keys.Rows && keys.Rows == values.Rows,
            $"queries [{queries.Rows}, {queries.Columns}], keys [{keys.Rows}, {keys.Columns}] and values "
            + $"[{values.Rows}, {values.Columns}] do not fit {shape}");
        MatrixView.Check(
            firstRow >= 0 && firstRow % Gemm<TSimd, TVector>.BlockRows == 0,
            $"the first row {firstRow} is not a multiple of {Gemm<TSimd, TVector>.BlockRows}");
    }

    protected static void CheckSame(MatrixView a, MatrixView b) => MatrixView.Check(
        a.Rows == b.Rows && a.Columns == b.Columns,
        $"[{a.Rows}, {a.Columns}] and [{b.Rows}, {b.Columns}] should have the same shape");

    private static void CheckGate(MatrixView gateUp, MatrixView hidden) => MatrixView.Check(
        gateUp.Rows == hidden.Rows && gateUp.Columns == 2 * hidden.Columns,
        $"gate and up [{gateUp.Rows}, {gateUp.Columns}] do not fit hidden [{hidden.Rows}, {hidden.Columns}]");

    private static void CheckHeads(MatrixView x, RotaryTable table, ReadOnlySpan<int> positions)
    {
        MatrixView.Check(
            x.Columns % table.HeadDim == 0 && positions.Length == x.Rows,
            $"{positions.Length} positions and heads of {table.HeadDim} do not fit [{x.Rows}, {x.Columns}]");
        foreach (int position in positions)
            MatrixView.Check((uint)position < (uint)table.Positions, $"position {position} is not in 0..{table.Positions - 1}");
    }
}
