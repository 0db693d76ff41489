using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outerloop.Model.Kernels.Emitted;

namespace Outerloop.Model.Kernels;

/// <summary>
/// Y [rows, outputs] (+)= X [rows, inputs]·Wᵀ in mixed precision, with a bfloat16 weight W [outputs, inputs] that is read where
/// it lies: X is rounded to bf16 too, sums are float. An element is the sum, in ascending order, of its blocks of 1024 inputs.
/// In a block each of 16 lanes has a chain of fused multiply-adds, over pairs of neighbours in ascending order, of each pair
/// the later one first; then come the lanes, halves by halves, and then what no vector ends at. So its bits depend on neither
/// the number of rows nor the other outputs.
/// </summary>
/// <remarks>
/// One row is bound by memory, and done without a call; more rows by emitted code, which computes the same chains with one
/// instruction.
/// </remarks>
internal sealed unsafe class BFloat16RowProducts(RowDotRoutines routines, IRoutineCaller caller)
{
    private const int StepBlock = RowDotJob.LongestSum, RoundSteps = RowDotJob.RoundSteps, RowPairs = RowDotJob.XRow / sizeof(uint);

    /// <summary>Rows of X that are rounded together, and stay in the second cache while the weight passes by.</summary>
    private const int StripRows = 96;

    /// <summary>Inputs of few rows that are rounded together.</summary>
    private const int MostInputs = 64 * StepBlock;

    /// <summary>Up to so many rows outputs are done one after the other, so that the weight is one stream from memory.</summary>
    private const int FewRows = 4;

    /// <summary>Outputs that stay in the second cache while the rows pass by.</summary>
    private const int OutputChunk = 64;

    private const int Lanes = 16, CacheLine = 64;

    private const uint UpperHalf = 0xFFFF_0000;

    /// <param name="x">[rows, inputs]</param>
    /// <param name="w">[outputs, inputs]</param>
    /// <param name="y">[rows, outputs]</param>
    /// <param name="accumulate">Whether to add to what y holds.</param>
    public void Multiply(MatrixView x, BFloat16Matrix w, MatrixView y, bool accumulate)
    {
        MatrixView.Check(
            x.Columns == w.Inputs && y.Columns == w.Outputs && x.Rows == y.Rows,
            $"[{x.Rows}, {x.Columns}] × [{w.Outputs}, {w.Inputs}]ᵀ does not give [{y.Rows}, {y.Columns}]");
        int inputs = x.Rows <= FewRows ? MostInputs : StepBlock;
        for (int row = 0; row < x.Rows; row += StripRows)
        {
            int rows = Math.Min(StripRows, x.Rows - row);
            for (int input = 0; input < w.Inputs; input += inputs)
            {
                MatrixView part = x.SliceRows(row, rows).SliceColumns(input, Math.Min(inputs, w.Inputs - input));
                if (x.Rows == 1)
                    MultiplyRow(part, w, input, y, accumulate || input > 0);
                else
                    MultiplyRows(part, w, input, y.SliceRows(row, rows), accumulate || input > 0);
            }
        }
    }

    /// <summary>One row of some inputs, by what all outputs have from that input on.</summary>
    [SkipLocalsInit]
    private static void MultiplyRow(MatrixView x, BFloat16Matrix w, int input, MatrixView y, bool accumulate)
    {
        byte* memory = stackalloc byte[(x.Columns * sizeof(float)) + CacheLine];
        float* rounded = Aligned<float>(memory);
        for (int step = 0; step < x.Columns; step += StepBlock)
            RoundApart(x.Data + step, rounded + step, Math.Min(StepBlock, x.Columns - step));
        for (int output = 0; output < w.Outputs; output++)
        {
            for (int step = 0; step < x.Columns; step += StepBlock)
                Dot(rounded + step, w.Row(output) + input + step, y.Data + output, Math.Min(StepBlock, x.Columns - step), accumulate || step > 0);
        }
    }

    /// <summary>Rounds x; of each whole round first the 16 later ones of its pairs, then the 16 earlier ones.</summary>
    [SkipLocalsInit]
    private static void RoundApart(float* x, float* rounded, int steps)
    {
        uint* pairs = stackalloc uint[StepBlock / 2];
        BFloat16Pairs.PackRow(x, steps, pairs, (steps + 1) / 2);
        int k = 0;
        for (; k + RoundSteps <= steps; k += RoundSteps)
        {
            Vector512<uint> round = Vector512.Load(pairs + (k / 2));
            (round & Vector512.Create(UpperHalf)).AsSingle().Store(rounded + k);
            (round << 16).AsSingle().Store(rounded + k + Lanes);
        }

        for (; k < steps; k++)
            rounded[k] = BFloat16.Widen(((ushort*)pairs)[k]);
    }

    /// <summary>A block of one output of one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dot(float* x, ushort* w, float* y, int steps, bool accumulate)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        int k = 0;
        for (; k + RoundSteps <= steps; k += RoundSteps)
        {
            Vector512<uint> pairs = Vector512.Create(Vector256.Load((uint*)(w + k)), Vector256.Load((uint*)(w + k + 16)));
            sum = Vector512.FusedMultiplyAdd(Vector512.Load(x + k), (pairs & Vector512.Create(UpperHalf)).AsSingle(), sum);
            sum = Vector512.FusedMultiplyAdd(Vector512.Load(x + k + Lanes), (pairs << 16).AsSingle(), sum);
        }

        float total = Sum(sum);
        for (; k < steps; k++)
            total = MathF.FusedMultiplyAdd(x[k], BFloat16.Widen(w[k]), total);
        *y = accumulate ? *y + total : total;
    }

    /// <inheritdoc cref="MultiplyRow"/>
    [SkipLocalsInit]
    private void MultiplyRows(MatrixView x, BFloat16Matrix w, int input, MatrixView y, bool accumulate)
    {
        int blocks = (x.Columns + StepBlock - 1) / StepBlock, blockPairs = x.Rows * RowPairs;
        byte* memory = stackalloc byte[(blocks * blockPairs * sizeof(uint)) + CacheLine];
        uint* rounded = Aligned<uint>(memory);
        for (int block = 0; block < blocks; block++)
        {
            int step = block * StepBlock, steps = Math.Min(StepBlock, x.Columns - step);
            for (int row = 0; row < x.Rows; row++)
                BFloat16Pairs.PackRow(x.Row(row) + step, steps, rounded + (block * blockPairs) + (row * RowPairs), (steps + 1) / 2);
        }

        bool few = x.Rows <= FewRows;
        int chunk = few ? 1 : OutputChunk, together = few ? 1 : RowDotBlocks.MaxOutputs;
        for (int first = 0; first < w.Outputs; first += chunk)
        {
            int end = Math.Min(w.Outputs, first + chunk);
            for (int row = 0; row < x.Rows; row += RowDotBlocks.MaxRows)
            {
                int rows = Math.Min(RowDotBlocks.MaxRows, x.Rows - row);
                for (int output = first; output < end; output += together)
                {
                    for (int block = 0; block < blocks; block++)
                    {
                        int step = block * StepBlock;
                        Block(
                            rows, Math.Min(together, end - output), rounded + (block * blockPairs) + (row * RowPairs),
                            w.Row(output) + input + step, w.Inputs, y.Row(row) + output, y.Stride, Math.Min(StepBlock, x.Columns - step),
                            accumulate || block > 0);
                    }
                }
            }
        }
    }

    /// <summary>A block of some outputs of some rows.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Block(int rows, int outputs, uint* x, ushort* w, nint wRow, float* y, nint yRow, int steps, bool accumulate)
    {
        byte* memory = stackalloc byte[(RowDotBlocks.MaxRows * RowDotBlocks.MaxOutputs * Lanes * sizeof(float)) + CacheLine];
        float* sums = Aligned<float>(memory);
        int whole = steps - (steps % RoundSteps);
        if (whole > 0)
        {
            var job = new RowDotJob { X = x, W = w, Sums = sums, Rounds = whole / RoundSteps, WRow = wRow * sizeof(ushort) };
            caller.Call(routines.Block(rows, outputs), (nint)(&job));
        }
        else
        {
            new Span<float>(sums, rows * outputs * Lanes).Clear();
        }

        for (int row = 0; row < rows; row++, x += RowPairs, y += yRow)
        {
            if (outputs == RowDotBlocks.MaxOutputs && whole == steps && Sse.IsSupported)
            {
                Vector128<float> four = SumFour(sums);
                (accumulate ? Vector128.Load(y) + four : four).Store(y);
                sums += outputs * Lanes;
                continue;
            }

            for (int output = 0; output < outputs; output++, sums += Lanes)
            {
                float total = Sum(Vector512.Load(sums));
                for (int k = whole; k < steps; k++)
                    total = MathF.FusedMultiplyAdd(BFloat16.Widen(((ushort*)x)[k]), BFloat16.Widen(w[(output * wRow) + k]), total);
                y[output] = accumulate ? y[output] + total : total;
            }
        }
    }

    /// <summary>Halves by halves: lane i and lane i + 8, then i + 4, i + 2, i + 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Vector512<float> lanes)
    {
        Vector128<float> four = Quarter(lanes);
        Vector128<float> two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 2, 3));
        return two[0] + two[1];
    }

    /// <summary><see cref="Sum"/> of four vectors that stand side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> SumFour(float* sums)
    {
        Vector128<float> a = Quarter(Vector512.Load(sums)), b = Quarter(Vector512.Load(sums + Lanes));
        Vector128<float> c = Quarter(Vector512.Load(sums + (2 * Lanes))), d = Quarter(Vector512.Load(sums + (3 * Lanes)));
        // (a0 + a2, b0 + b2, a1 + a3, b1 + b3)
        Vector128<float> ab = Sse.UnpackLow(a, b) + Sse.UnpackHigh(a, b), cd = Sse.UnpackLow(c, d) + Sse.UnpackHigh(c, d);
        return Sse.MoveLowToHigh(ab, cd) + Sse.MoveHighToLow(cd, ab);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Quarter(Vector512<float> lanes)
    {
        Vector256<float> eight = lanes.GetLower() + lanes.GetUpper();
        return eight.GetLower() + eight.GetUpper();
    }

    private static T* Aligned<T>(byte* memory)
        where T : unmanaged => (T*)(((nuint)memory + CacheLine - 1) / CacheLine * CacheLine);
}
