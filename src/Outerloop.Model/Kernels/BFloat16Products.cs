using System.Runtime.CompilerServices;
using Outerloop.Model.Kernels.Emitted;

namespace Outerloop.Model.Kernels;

/// <summary>
/// Matrix products of inputs rounded to bf16 and summed in float, over blocks that emitted code computes. The reference is
/// the same sum of rounded inputs; the order within a sum is the instruction's, and the same whatever the other rows and
/// columns are, so that a row of a product does not depend on them.
/// </summary>
internal sealed unsafe class BFloat16Products(BlockRoutines routines, IRoutineCaller caller)
{
    /// <summary>Rows whose bf16 stay in the cache while the panels pass by; a multiple of every block's.</summary>
    private const int StripRows = 96;

    /// <summary>Tokens of a block of <see cref="AccumulateOuter"/>, and panels of X that it packs at a time.</summary>
    private const int TokenBlock = 256, PanelBlock = 4;

    private const int CacheLine = 64;

    private const int StripPairs = StripRows * LeftPairs.RowPairs, TurnedPairs = StripRows * TokenBlock / 2;
    private const int PanelsPairs = PanelBlock * PackedMatrix.WidestPanel * TokenBlock / 2;

    /// <summary>Y [rows, columns] (+)= X [rows, steps] · B [steps, columns].</summary>
    [SkipLocalsInit]
    public void Multiply(MatrixView x, PackedMatrix b, MatrixView y, bool accumulate)
    {
        MatrixView.Check(
            x.Columns == b.Steps && y.Columns == b.Columns && x.Rows == y.Rows,
            $"[{x.Rows}, {x.Columns}] × [{b.Steps}, {b.Columns}] does not give [{y.Rows}, {y.Columns}]");
        MatrixView.Check(b.Format == PackedFormat.BFloat16Pairs, "the right side is not packed as bf16");
        if (b.Steps == 0 && !accumulate)
            y.Clear();
        byte* memory = stackalloc byte[(StripPairs * sizeof(uint)) + CacheLine];
        uint* left = Aligned(memory);
        Begin();
        for (int strip = 0; strip < x.Rows; strip += StripRows)
        {
            int rows = Math.Min(StripRows, x.Rows - strip);
            for (int step = 0; step < b.Steps; step += BlockJob.LongestSum)
            {
                MatrixView some = x.SliceRows(strip, rows).SliceColumns(step, Math.Min(BlockJob.LongestSum, b.Steps - step));
                MultiplyStrip(some, left, b, step, y.SliceRows(strip, rows), accumulate || step > 0);
            }
        }

        End();
    }

    /// <summary>Some rows and steps of X, by all columns of B from that step on.</summary>
    private void MultiplyStrip(MatrixView x, uint* left, PackedMatrix b, int step, MatrixView y, bool accumulate)
    {
        PackUpright(x, left);
        for (int panel = 0; panel < b.Panels; panel++)
        {
            int width = b.PanelWidth(panel), column = panel * b.PanelColumns;
            var right = new RightPairs((uint*)b.Panel(panel) + ((nint)step / 2 * width), width);
            Panel(LeftPairs.Upright(left), right, y.SliceColumns(column, Math.Min(width, b.Columns - column)), x.Columns, accumulate);
        }
    }

    /// <summary>dW [n, k] += dYᵀ·X with dY [tokens, n] and X [tokens, k]; the sum runs over the tokens.</summary>
    [SkipLocalsInit]
    public void AccumulateOuter(MatrixView dy, MatrixView x, MatrixView dw)
    {
        MatrixView.Check(
            dy.Rows == x.Rows && dw.Rows == dy.Columns && dw.Columns == x.Columns,
            $"[{dy.Rows}, {dy.Columns}]ᵀ × [{x.Rows}, {x.Columns}] does not give [{dw.Rows}, {dw.Columns}]");
        byte* memory = stackalloc byte[((StripPairs + TurnedPairs + PanelsPairs) * sizeof(uint)) + CacheLine];
        uint* turned = Aligned(memory), pairs = turned + StripPairs, right = pairs + TurnedPairs;
        Begin();
        for (int token = 0; token < x.Rows; token += TokenBlock)
        {
            int tokens = Math.Min(TokenBlock, x.Rows - token);
            for (int column = 0; column < x.Columns; column += PanelBlock * PackedMatrix.WidestPanel)
            {
                int columns = Math.Min(PanelBlock * PackedMatrix.WidestPanel, x.Columns - column);
                PackPanels(x.SliceRows(token, tokens).SliceColumns(column, columns), right);
                for (int strip = 0; strip < dy.Columns; strip += StripRows)
                {
                    int rows = Math.Min(StripRows, dy.Columns - strip);
                    LeftPairs left = PackTransposed(dy.SliceRows(token, tokens).SliceColumns(strip, rows), pairs, turned);
                    Panels(left, right, dw.SliceRows(strip, rows).SliceColumns(column, columns), tokens);
                }
            }
        }

        End();
    }

    /// <summary>
    /// Lays rows of at most <see cref="BlockJob.LongestSum"/> steps out as an upright left side. Behind the last of a pair there is
    /// what a vector that began in the row holds, where no routine looks.
    /// </summary>
    public void PackUpright(MatrixView x, uint* left)
    {
        int rest = x.Columns % PackJob.RoundFloats;
        // No more than a vector is read past the end of a row; the other half of an odd pair has to be 0.
        if (routines.Pack is { } routine && x.Rows > 0 && x.Columns > 0 && (rest == 0 || (rest >= PackJob.RoundFloats / 2 && rest % 2 == 0)))
        {
            var job = new PackJob
            {
                Source = x.Data,
                Target = left,
                Rounds = (x.Columns + PackJob.RoundFloats - 1) / PackJob.RoundFloats,
                Rows = x.Rows,
                SourceRow = (nint)x.Stride * sizeof(float),
            };
            caller.Call(routine, (nint)(&job));
            return;
        }

        int pairs = PaddedPairs(x.Columns);
        for (int row = 0; row < x.Rows; row++)
            BFloat16Pairs.PackRow(x.Row(row), x.Columns, left + ((nint)row * LeftPairs.RowPairs), pairs);
    }

    /// <summary>Does the instruction and nothing else; returns the number of floating-point operations.</summary>
    public double Exercise(int rounds)
    {
        Begin();
        caller.Call(routines.Peak, rounds);
        End();
        return routines.PeakOperations * rounds;
    }

    /// <summary>Whether the left side may lie aside.</summary>
    public bool ReadsAside => routines.ReadsAside;

    /// <summary>Before a thread's first <see cref="Panel"/>.</summary>
    public void Begin() => caller.Call(routines.Begin, 0);

    /// <summary>After its last.</summary>
    public void End() => caller.Call(routines.End, 0);

    private int PaddedPairs(int steps) => (((steps + 1) / 2) + routines.RoundPairs - 1) / routines.RoundPairs * routines.RoundPairs;

    /// <summary>Lays the columns of <paramref name="x"/> [tokens, columns] out as panels of [pairs][width].</summary>
    private void PackPanels(MatrixView x, uint* target)
    {
        int pairs = PaddedPairs(x.Rows), width = PackedMatrix.EvenWidth(x.Columns);
        for (int column = 0; column < x.Columns; column += width)
        {
            int columns = Math.Min(width, x.Columns - column);
            BFloat16Pairs.PackRows(x.SliceColumns(column, columns), target + ((nint)column * pairs), Padded(columns), pairs);
        }
    }

    /// <summary>
    /// dyᵀ of <paramref name="dy"/> [tokens, rows]: in pairs of tokens, and these transposed where the routines want it.
    /// </summary>
    private LeftPairs PackTransposed(MatrixView dy, uint* pairs, uint* turned)
    {
        int count = PaddedPairs(dy.Rows);
        BFloat16Pairs.PackRows(dy, pairs, dy.Columns, count);
        if (routines.ReadsAside)
            return LeftPairs.Aside(pairs, dy.Columns);
        Transposition.Write(new MatrixView((float*)pairs, count, dy.Columns, dy.Columns), (float*)turned, LeftPairs.RowPairs);
        return LeftPairs.Upright(turned);
    }

    private void Panels(LeftPairs left, uint* right, MatrixView y, int steps)
    {
        int pairs = PaddedPairs(steps), width = PackedMatrix.EvenWidth(y.Columns);
        for (int column = 0; column < y.Columns; column += width)
        {
            int columns = Math.Min(width, y.Columns - column);
            Panel(left, new RightPairs(right + ((nint)column * pairs), Padded(columns)), y.SliceColumns(column, columns), steps, accumulate: true);
        }
    }

    /// <summary>y (+)= left · right over so many steps, which for an upright left are at most <see cref="BlockJob.LongestSum"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Panel(LeftPairs left, RightPairs right, MatrixView y, int steps, bool accumulate)
    {
        nint rounds = PaddedPairs(steps) / routines.RoundPairs;
        for (int column = 0; column < y.Columns; column += routines.Columns)
        {
            for (int row = 0; row < y.Rows; row += routines.Rows)
            {
                var job = new BlockJob
                {
                    A = left.Row(row),
                    B = right.Data + column,
                    Y = y.Row(row) + column,
                    Rounds = rounds,
                    BRow = right.Width * sizeof(uint),
                    YRow = (nint)y.Stride * sizeof(float),
                    AStep = left.Step * sizeof(uint),
                };
                int columns = Math.Min(routines.Columns, y.Columns - column);
                Prefetching.Block(y, row + routines.Rows, routines.Rows, column, columns);
                Block(Math.Min(routines.Rows, y.Rows - row), columns, ref job, accumulate, left.IsAside);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Block(int rows, int columns, ref BlockJob job, bool accumulate, bool aside)
    {
        int paddedRows = (rows + routines.RowGranule - 1) / routines.RowGranule * routines.RowGranule, padded = Padded(columns);
        if (paddedRows == rows && padded == columns)
            Run(routines.Block(rows, columns, accumulate, aside), ref job);
        else
            Edge(rows, columns, paddedRows, padded, ref job, accumulate, aside);
    }

    /// <summary>A block whose rows or columns the code has no shape for: through a block of our own.</summary>
    [SkipLocalsInit]
    private void Edge(int rows, int columns, int paddedRows, int padded, ref BlockJob job, bool accumulate, bool aside)
    {
        float* block = stackalloc float[paddedRows * padded];
        float* target = job.Y;
        nint stride = job.YRow / sizeof(float);
        for (int row = 0; accumulate && row < rows; row++)
            new ReadOnlySpan<float>(target + (row * stride), columns).CopyTo(new Span<float>(block + (row * padded), columns));
        job.Y = block;
        job.YRow = padded * sizeof(float);
        Run(routines.Block(paddedRows, padded, accumulate, aside), ref job);
        for (int row = 0; row < rows; row++)
            new ReadOnlySpan<float>(block + (row * padded), columns).CopyTo(new Span<float>(target + (row * stride), columns));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Run(int routine, ref BlockJob job)
    {
        fixed (BlockJob* address = &job)
            caller.Call(routine, (nint)address);
    }

    private static int Padded(int columns) => (columns + PackedMatrix.ColumnGranule - 1) / PackedMatrix.ColumnGranule * PackedMatrix.ColumnGranule;

    private static uint* Aligned(byte* memory) => (uint*)(((nuint)memory + CacheLine - 1) / CacheLine * CacheLine);
}
