using System.Runtime.CompilerServices;

namespace Outerloop.Model.Kernels;

/// <summary>
/// Y [rows, outputs] (+)= X [rows, inputs]·Wᵀ with a bfloat16 weight W [outputs, inputs] that is read where it lies.
/// An element is the sum, in ascending order, of its blocks of <see cref="StepBlock"/> inputs; a block's sum has a chain
/// of fused multiply-adds for each lane of a vector, then the sum of the lanes, then what no vector ends at. So its bits
/// depend on neither the number of rows nor the other outputs; those of tiers differ by rounding.
/// </summary>
/// <remarks>
/// Few rows are bound by memory: the weight is widened in registers. For more rows some outputs of a block are widened once
/// into the nearest cache.
/// </remarks>
internal static unsafe class BFloat16Product<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public const int StepBlock = 1024;

    /// <summary>Up to so many rows a weight is widened in registers.</summary>
    private const int FewRows = 4;

    private const int RowsOfBlock = 6;

    /// <summary>Rows of X and outputs of W of which a block of inputs stays in the cache.</summary>
    private const int StripRows = 96, OutputBlock = 64;

    /// <summary>Outputs that are computed together: what the registers hold beside six rows.</summary>
    private static int Together => TSimd.Width switch { 16 => 4, 8 => 2, _ => 1 };

    /// <param name="x">[rows, inputs]</param>
    /// <param name="w">[outputs, inputs]</param>
    /// <param name="y">[rows, outputs]</param>
    /// <param name="accumulate">Whether to add to what y holds.</param>
    public static void Multiply(MatrixView x, BFloat16Matrix w, MatrixView y, bool accumulate)
    {
        MatrixView.Check(
            x.Columns == w.Inputs && y.Columns == w.Outputs && x.Rows == y.Rows,
            $"[{x.Rows}, {x.Columns}] × [{w.Outputs}, {w.Inputs}]ᵀ does not give [{y.Rows}, {y.Columns}]");
        if (x.Rows <= FewRows)
            MultiplyFew(x, w, y, accumulate);
        else
            MultiplyMany(x, w, y, accumulate);
    }

    /// <summary>
    /// Reads the weight as it lies, one output after the other: several at a time are several streams, which the processor
    /// fetches ahead at half the speed, and so does asking for memory ahead of time.
    /// </summary>
    private static void MultiplyFew(MatrixView x, BFloat16Matrix w, MatrixView y, bool accumulate)
    {
        for (int output = 0; output < w.Outputs; output++)
        {
            for (int step = 0; step < w.Inputs; step += StepBlock)
            {
                int steps = Math.Min(StepBlock, w.Inputs - step);
                for (int row = 0; row < x.Rows; row++)
                    Dot(x.Row(row) + step, w.Row(output) + step, y.Row(row) + output, steps, accumulate || step > 0);
            }
        }
    }

    /// <summary>A block of one output of one row: y (+)= Σ x[k]·w[k].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dot(float* x, ushort* w, float* y, int steps, bool accumulate)
    {
        TVector sum = default;
        int k = 0;
        for (; k + TSimd.Width <= steps; k += TSimd.Width)
            sum = TSimd.MultiplyAdd(TSimd.Load(x + k), TSimd.LoadBFloat16(w + k), sum);
        Finish(TSimd.Sum(sum), x, w, k, steps, y, accumulate);
    }

    /// <summary>Blocks of W that stay in the cache while all rows of X pass by, strips of which stay there too.</summary>
    private static void MultiplyMany(MatrixView x, BFloat16Matrix w, MatrixView y, bool accumulate)
    {
        for (int step = 0; step < w.Inputs; step += StepBlock)
        {
            for (int output = 0; output < w.Outputs; output += OutputBlock)
            {
                for (int row = 0; row < x.Rows; row += StripRows)
                {
                    int rows = Math.Min(StripRows, x.Rows - row);
                    MultiplyStrip(
                        x.SliceRows(row, rows), w, y.SliceRows(row, rows), step, output, Math.Min(w.Outputs, output + OutputBlock),
                        accumulate || step > 0);
                }
            }
        }
    }

    [SkipLocalsInit]
    private static void MultiplyStrip(MatrixView x, BFloat16Matrix w, MatrixView y, int step, int output, int end, bool accumulate)
    {
        float* wide = stackalloc float[4 * StepBlock];
        int steps = Math.Min(StepBlock, w.Inputs - step);
        while (output < end)
        {
            // What is left of a group is done one by one.
            int outputs = end - output >= Together ? Together : 1;
            Widen(w.Row(output) + step, w.Inputs, outputs, wide, steps - (steps % TSimd.Width));
            for (int row = 0; row < x.Rows; row += RowsOfBlock)
            {
                Block(
                    Math.Min(RowsOfBlock, x.Rows - row), outputs, x.Row(row) + step, x.Stride, wide,
                    w.Row(output) + step, w.Inputs, y.Row(row) + output, y.Stride, steps, accumulate);
            }

            output += outputs;
        }
    }

    /// <summary>wide [steps/width][outputs][width]</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(ushort* w, nint stride, int outputs, float* wide, int steps)
    {
        for (int output = 0; output < outputs; output++, w += stride)
        {
            float* to = wide + (output * TSimd.Width);
            for (int k = 0; k < steps; k += TSimd.Width, to += outputs * TSimd.Width)
                TSimd.Store(to, TSimd.LoadBFloat16(w + k));
        }
    }

    private static void Block(
        int rows, int outputs, float* x, nint xRow, float* wide, ushort* w, nint wRow, float* y, nint yRow, int steps, bool accumulate)
    {
        float* sums = stackalloc float[RowsOfBlock * 4 * 16];
        int whole = steps - (steps % TSimd.Width);
        if (outputs == 4)
            Rows<FourColumns<TSimd, TVector>>(rows, x, xRow, wide, sums, whole);
        else if (outputs == 2)
            Rows<TwoColumns<TSimd, TVector>>(rows, x, xRow, wide, sums, whole);
        else
            Rows<OneColumns<TSimd, TVector>>(rows, x, xRow, wide, sums, whole);
        Reduce(rows, outputs, sums, x, xRow, w, wRow, y, yRow, steps, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Reduce(
        int rows, int outputs, float* sums, float* x, nint xRow, ushort* w, nint wRow, float* y, nint yRow, int steps, bool accumulate)
    {
        int whole = steps - (steps % TSimd.Width);
        for (int row = 0; row < rows; row++)
        {
            for (int output = 0; output < outputs; output++)
            {
                float sum = TSimd.Sum(TSimd.Load(sums + (((row * outputs) + output) * TSimd.Width)));
                Finish(sum, x + (row * xRow), w + (output * wRow), whole, steps, y + (row * yRow) + output, accumulate);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rows<TColumns>(int rows, float* x, nint xRow, float* wide, float* sums, int steps)
        where TColumns : struct, IColumns<TColumns, TVector>
    {
        switch (rows)
        {
            case 6:
                LaneSums<TColumns, SixRows>(x, xRow, wide, sums, steps);
                break;
            case 5:
                LaneSums<TColumns, FiveRows>(x, xRow, wide, sums, steps);
                break;
            case 4:
                LaneSums<TColumns, FourRows>(x, xRow, wide, sums, steps);
                break;
            case 3:
                LaneSums<TColumns, ThreeRows>(x, xRow, wide, sums, steps);
                break;
            case 2:
                LaneSums<TColumns, TwoRows>(x, xRow, wide, sums, steps);
                break;
            default:
                LaneSums<TColumns, OneRow>(x, xRow, wide, sums, steps);
                break;
        }
    }

    /// <summary>The chains of each lane, sums [rows][outputs][width].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LaneSums<TColumns, TRows>(float* x, nint xRow, float* wide, float* sums, int steps)
        where TColumns : struct, IColumns<TColumns, TVector>
        where TRows : struct, IRows
    {
        TColumns y0 = default, y1 = default, y2 = default, y3 = default, y4 = default, y5 = default;
        nint row2 = 2 * xRow, row3 = 3 * xRow, row4 = 4 * xRow, row5 = 5 * xRow;
        int outputs = TColumns.Vectors * TSimd.Width;
        for (int k = 0; k < steps; k += TSimd.Width, x += TSimd.Width, wide += outputs)
        {
            TColumns w = TColumns.Load(wide);
            y0 = TColumns.MultiplyAdd(TSimd.Load(x), w, y0);
            if (TRows.Count > 1) y1 = TColumns.MultiplyAdd(TSimd.Load(x + xRow), w, y1);
            if (TRows.Count > 2) y2 = TColumns.MultiplyAdd(TSimd.Load(x + row2), w, y2);
            if (TRows.Count > 3) y3 = TColumns.MultiplyAdd(TSimd.Load(x + row3), w, y3);
            if (TRows.Count > 4) y4 = TColumns.MultiplyAdd(TSimd.Load(x + row4), w, y4);
            if (TRows.Count > 5) y5 = TColumns.MultiplyAdd(TSimd.Load(x + row5), w, y5);
        }

        TColumns.Store(sums, y0);
        if (TRows.Count > 1) TColumns.Store(sums + outputs, y1);
        if (TRows.Count > 2) TColumns.Store(sums + (2 * outputs), y2);
        if (TRows.Count > 3) TColumns.Store(sums + (3 * outputs), y3);
        if (TRows.Count > 4) TColumns.Store(sums + (4 * outputs), y4);
        if (TRows.Count > 5) TColumns.Store(sums + (5 * outputs), y5);
    }

    /// <summary>Adds what no vector ends at, and the block's sum to y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(float sum, float* x, ushort* w, int k, int steps, float* y, bool accumulate)
    {
        for (; k < steps; k++)
            sum = MathF.FusedMultiplyAdd(x[k], BFloat16.Widen(w[k]), sum);
        *y = accumulate ? *y + sum : sum;
    }
}
