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
/// <remarks>Few rows are bound by memory: they make one pass over the weight. More rows go by blocks that stay in the caches.</remarks>
internal sealed unsafe class BFloat16RowProducts(RowDotRoutines routines, IRoutineCaller caller)
{
    private const int StepBlock = RowDotJob.LongestSum, RoundSteps = RowDotJob.RoundSteps, RowPairs = RowDotJob.XRow / sizeof(uint);

    /// <summary>Rows of X that are rounded together, and stay in the second cache while the weight passes by.</summary>
    private const int StripRows = 96;

    /// <summary>Outputs that stay in the second cache while the rows pass by.</summary>
    private const int OutputChunk = 64;

    /// <summary>Vectors of sums that a pass leaves at a time, in the nearest cache.</summary>
    private const int PassSums = 256;

    /// <summary>Blocks of inputs of few rows that are rounded together.</summary>
    private const int PassBlocks = 32;

    /// <summary>Vectors that say what of a line belongs to a block.</summary>
    private const int Masks = 2;

    private const int Lanes = 16, CacheLine = 64;

    /// <param name="x">[rows, inputs]</param>
    /// <param name="w">[outputs, inputs]</param>
    /// <param name="y">[rows, outputs]</param>
    /// <param name="accumulate">Whether to add to what y holds.</param>
    public void Multiply(MatrixView x, BFloat16Matrix w, MatrixView y, bool accumulate)
    {
        MatrixView.Check(
            x.Columns == w.Inputs && y.Columns == w.Outputs && x.Rows == y.Rows,
            $"[{x.Rows}, {x.Columns}] × [{w.Outputs}, {w.Inputs}]ᵀ does not give [{y.Rows}, {y.Columns}]");
        if (x.Rows is > 0 and <= RowDotBlocks.FewRows)
        {
            MultiplyFew(x, w, y, accumulate);
            return;
        }

        for (int row = 0; row < x.Rows; row += StripRows)
        {
            int rows = Math.Min(StripRows, x.Rows - row);
            for (int input = 0; input < w.Inputs; input += StepBlock)
            {
                MatrixView part = x.SliceRows(row, rows).SliceColumns(input, Math.Min(StepBlock, w.Inputs - input));
                MultiplyStrip(part, w, input, y.SliceRows(row, rows), accumulate || input > 0);
            }
        }
    }

    /// <summary>Few rows: some whole blocks of inputs at a time, then what is left.</summary>
    private void MultiplyFew(MatrixView x, BFloat16Matrix w, MatrixView y, bool accumulate)
    {
        int whole = w.Inputs - (w.Inputs % StepBlock);
        for (int input = 0; input < whole; input += PassBlocks * StepBlock)
            Pass(x.SliceColumns(input, Math.Min(PassBlocks * StepBlock, whole - input)), w, input, y, accumulate || input > 0);
        if (whole < w.Inputs)
            Pass(x.SliceColumns(whole, w.Inputs - whole), w, whole, y, accumulate || whole > 0);
    }

    /// <summary>Few rows of some inputs, whole blocks or less than one, by what all outputs have from that input on.</summary>
    [SkipLocalsInit]
    private void Pass(MatrixView x, BFloat16Matrix w, int input, MatrixView y, bool accumulate)
    {
        int blocks = (x.Columns + StepBlock - 1) / StepBlock, blockPairs = x.Rows * RowPairs, steps = Math.Min(StepBlock, x.Columns);
        byte* memory = stackalloc byte[(((PassSums + Masks) * Lanes) + (blocks * blockPairs)) * sizeof(uint) + CacheLine];
        float* sums = Aligned<float>(memory);
        uint* masks = (uint*)(sums + (PassSums * Lanes)), rounded = masks + (Masks * Lanes);
        int shift = PairsIntoLine(w, input, steps), whole = steps - (steps % RoundSteps), together = PassSums / (blocks * x.Rows);
        for (int row = 0; row < x.Rows * blocks; row++)
            Pack(x.Row(row % x.Rows) + (row / x.Rows * StepBlock), steps, rounded + (row * RowPairs), shift);
        for (int lane = 0; lane < Lanes; lane++)
        {
            masks[lane] = lane < shift ? 0 : uint.MaxValue;
            masks[Lanes + lane] = ~masks[lane];
        }

        var job = new RowDotJob
        {
            X = rounded,
            Sums = sums,
            Rounds = whole / RoundSteps,
            WRow = (w.Inputs - (blocks * whole)) * sizeof(ushort),
            Blocks = blocks,
            XBlock = (blockPairs * sizeof(uint)) - (whole * sizeof(ushort)) - (shift > 0 ? CacheLine : 0),
            Masks = masks,
        };
        int routine = shift > 0 ? routines.LinePass(x.Rows) : routines.Pass(x.Rows);
        for (int output = 0; output < w.Outputs; output += together)
        {
            int outputs = Math.Min(together, w.Outputs - output);
            ushort* weights = w.Row(output) + input;
            if (whole > 0)
            {
                job.W = weights - (2 * shift);
                job.Outputs = outputs;
                caller.Call(routine, (nint)(&job));
            }
            else
            {
                new Span<float>(sums, outputs * x.Rows * Lanes).Clear();
            }

            for (int row = 0; row < x.Rows; row++)
            {
                float* target = y.Row(row) + output, lanes = sums + (row * Lanes);
                if (whole == steps)
                    AddBlocks(lanes, x.Rows * Lanes, blocks, target, outputs, accumulate);
                else
                    AddShort(lanes, x.Rows * Lanes, (ushort*)(rounded + (row * RowPairs)), weights, w.Inputs, whole, steps, target, outputs, accumulate);
            }
        }
    }

    /// <summary>
    /// How many pairs before it the cache line begins in which a row's inputs begin, where all rows are alike in this; else 0.
    /// Read by whole lines memory is half as fast again. Lanes are turned by so many, which changes none of their sums, nor
    /// that of halves by halves.
    /// </summary>
    private static int PairsIntoLine(BFloat16Matrix w, int input, int steps)
    {
        int bytes = (int)((nuint)(w.Row(0) + input) % CacheLine);
        bool alike = w.Inputs % RoundSteps == 0 && steps % RoundSteps == 0 && steps >= 2 * RoundSteps && bytes % sizeof(uint) == 0;
        return alike ? bytes / sizeof(uint) : 0;
    }

    /// <summary>Rounds some inputs of a row, with zeros before and behind to whole vectors.</summary>
    private static void Pack(float* x, int steps, uint* target, int shift)
    {
        new Span<uint>(target, shift).Clear();
        BFloat16Pairs.PackRow(x, steps, target + shift, shift > 0 ? (steps / 2) + Lanes - shift : (steps + 1) / 2);
    }

    /// <summary>What a pass has summed of one row: the blocks of each output, in their order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddBlocks(float* sums, int stride, int blocks, float* y, int outputs, bool accumulate)
    {
        int output = 0, next = blocks * stride;
        for (; output + 4 <= outputs && Sse.IsSupported; output += 4, sums += 4 * next)
        {
            Vector128<float> four = LaneSums.Four(sums, next);
            if (accumulate)
                four = Vector128.Load(y + output) + four;
            for (int block = 1; block < blocks; block++)
                four += LaneSums.Four(sums + (block * stride), next);
            four.Store(y + output);
        }

        for (; output < outputs; output++, sums += next)
        {
            float total = LaneSums.Sum(Vector512.Load(sums));
            if (accumulate)
                total = y[output] + total;
            for (int block = 1; block < blocks; block++)
                total += LaneSums.Sum(Vector512.Load(sums + (block * stride)));
            y[output] = total;
        }
    }

    /// <summary>A block that ends between vectors.</summary>
    private static void AddShort(
        float* sums, int stride, ushort* x, ushort* w, int wRow, int whole, int steps, float* y, int outputs, bool accumulate)
    {
        for (int output = 0; output < outputs; output++, sums += stride, w += wRow)
        {
            float total = WithRest(LaneSums.Sum(Vector512.Load(sums)), x, w, whole, steps);
            y[output] = accumulate ? y[output] + total : total;
        }
    }

    private static float WithRest(float total, ushort* x, ushort* w, int whole, int steps)
    {
        for (int k = whole; k < steps; k++)
            total = MathF.FusedMultiplyAdd(BFloat16.Widen(x[k]), BFloat16.Widen(w[k]), total);
        return total;
    }

    /// <summary>Many rows of up to a block of inputs, by what all outputs have from that input on.</summary>
    [SkipLocalsInit]
    private void MultiplyStrip(MatrixView x, BFloat16Matrix w, int input, MatrixView y, bool accumulate)
    {
        int steps = x.Columns;
        byte* memory = stackalloc byte[(x.Rows * RowDotJob.XRow) + CacheLine];
        uint* rounded = Aligned<uint>(memory);
        for (int row = 0; row < x.Rows; row++)
            BFloat16Pairs.PackRow(x.Row(row), steps, rounded + (row * RowPairs), (steps + 1) / 2);
        for (int first = 0; first < w.Outputs; first += OutputChunk)
        {
            int end = Math.Min(w.Outputs, first + OutputChunk);
            for (int row = 0; row < x.Rows; row += RowDotBlocks.MaxRows)
            {
                int rows = Math.Min(RowDotBlocks.MaxRows, x.Rows - row);
                for (int output = first; output < end; output += RowDotBlocks.MaxOutputs)
                {
                    Block(
                        rows, Math.Min(RowDotBlocks.MaxOutputs, end - output), rounded + (row * RowPairs), w.Row(output) + input, w.Inputs,
                        y.Row(row) + output, y.Stride, steps, accumulate);
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

        int row = 0;
        if (outputs == RowDotBlocks.MaxOutputs && whole == steps && Avx512F.IsSupported)
        {
            for (; row + 2 <= rows; row += 2, y += 2 * yRow)
                LaneSums.TwoRows(sums + (row * outputs * Lanes), y, y + yRow, accumulate);
        }

        for (; row < rows; row++, y += yRow)
            AddShort(sums + (row * outputs * Lanes), Lanes, (ushort*)(x + (row * RowPairs)), w, (int)wRow, whole, steps, y, outputs, accumulate);
    }

    private static T* Aligned<T>(byte* memory)
        where T : unmanaged => (T*)(((nuint)memory + CacheLine - 1) / CacheLine * CacheLine);
}
