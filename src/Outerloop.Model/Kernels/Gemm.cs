using System.Runtime.CompilerServices;

namespace Outerloop.Model.Kernels;

/// <summary>
/// Matrix products over <see cref="GemmBlock{TSimd,TVector,TColumns,TRows}"/>. Every element of every product is one
/// chain of fused multiply-adds in ascending order of the summed index; blocks of that index continue from the stored
/// value. So the tiers agree bit for bit, and a row of a product does not depend on the other rows.
/// </summary>
internal static unsafe class Gemm<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Rows of a register block.</summary>
    public const int BlockRows = 6;

    /// <summary>Rows of X that stay in the cache while the panels of B pass by; a multiple of <see cref="BlockRows"/>.</summary>
    private const int StripRows = 96;

    /// <summary>Steps of the sum that are taken at once.</summary>
    private const int StepBlock = 512;

    /// <summary>Tokens of a block of <see cref="AccumulateOuter"/>.</summary>
    private const int TokenBlock = 192;

    /// <summary>Columns of X that are taken at once there.</summary>
    private const int ColumnBlock = 4 * PackedMatrix.WidestPanel;

    private const int CacheLine = 64;

    /// <summary>Rows of dY and X that are no further apart than so many floats are read where they are.</summary>
    private const int LongestStrideInPlace = 256;

    /// <summary>Y [rows, columns] (+)= X [rows, steps] · B [steps, columns].</summary>
    public static void Multiply(MatrixView x, PackedMatrix b, MatrixView y, bool accumulate)
    {
        MatrixView.Check(
            x.Columns == b.Steps && y.Columns == b.Columns && x.Rows == y.Rows,
            $"[{x.Rows}, {x.Columns}] × [{b.Steps}, {b.Columns}] does not give [{y.Rows}, {y.Columns}]");
        MatrixView.Check(b.Format == PackedFormat.Single, "the right side is not packed as floats");
        if (b.Steps == 0 && !accumulate)
            y.Clear();
        for (int strip = 0; strip < x.Rows; strip += StripRows)
        {
            int stripEnd = Math.Min(strip + StripRows, x.Rows);
            for (int step = 0; step < b.Steps; step += StepBlock)
            {
                int steps = Math.Min(StepBlock, b.Steps - step);
                for (int panel = 0; panel < b.Panels; panel++)
                {
                    int column = panel * b.PanelColumns, width = b.PanelWidth(panel);
                    float* from = b.Panel(panel) + ((nint)step * width);
                    int columns = Math.Min(width, b.Columns - column);
                    for (int row = strip; row < stripEnd; row += BlockRows)
                    {
                        Tile(
                            Math.Min(BlockRows, stripEnd - row), columns,
                            x.Row(row) + step, x.Stride, 1, from, width,
                            y.Row(row) + column, y.Stride, steps, accumulate || step > 0);
                    }
                }
            }
        }
    }

    /// <summary>dW [n, k] += dYᵀ·X with dY [tokens, n] and X [tokens, k]; the sum runs over the tokens.</summary>
    /// <remarks>
    /// Where rows are far apart, both sides are copied a block at a time: read in place, a step down a column of dY would
    /// touch a new cache line (and often the same cache set) each time.
    /// </remarks>
    [SkipLocalsInit]
    public static void AccumulateOuter(MatrixView dy, MatrixView x, MatrixView dw)
    {
        MatrixView.Check(
            dy.Rows == x.Rows && dw.Rows == dy.Columns && dw.Columns == x.Columns,
            $"[{dy.Rows}, {dy.Columns}]ᵀ × [{x.Rows}, {x.Columns}] does not give [{dw.Rows}, {dw.Columns}]");
        byte* memory = stackalloc byte[((StripRows + ColumnBlock) * TokenBlock * sizeof(float)) + CacheLine];
        float* left = (float*)(((nuint)memory + CacheLine - 1) / CacheLine * CacheLine);
        float* right = left + (StripRows * TokenBlock);
        for (int token = 0; token < x.Rows; token += TokenBlock)
        {
            int tokens = Math.Min(TokenBlock, x.Rows - token);
            for (int column = 0; column < x.Columns; column += ColumnBlock)
            {
                int columns = Math.Min(ColumnBlock, x.Columns - column);
                MatrixView b = InPlaceOrCopy(x.SliceRows(token, tokens).SliceColumns(column, columns), right);
                for (int strip = 0; strip < dy.Columns; strip += StripRows)
                {
                    int rows = Math.Min(StripRows, dy.Columns - strip);
                    MatrixView a = InPlaceOrCopy(dy.SliceRows(token, tokens).SliceColumns(strip, rows), left);
                    AccumulateStrip(a, b, dw.SliceRows(strip, rows).SliceColumns(column, columns));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AccumulateStrip(MatrixView a, MatrixView b, MatrixView dw)
    {
        int width = PackedMatrix.EvenWidth(dw.Columns);
        for (int column = 0; column < dw.Columns; column += width)
        {
            int columns = Math.Min(width, dw.Columns - column);
            for (int row = 0; row < dw.Rows; row += BlockRows)
            {
                Prefetching.Block(dw, row + BlockRows, BlockRows, column, columns);
                Tile(
                    Math.Min(BlockRows, dw.Rows - row), columns, a.Data + row, 1, a.Stride, b.Data + column, b.Stride,
                    dw.Row(row) + column, dw.Stride, a.Rows, accumulate: true);
            }
        }
    }

    /// <summary>
    /// One block of at most 6 rows and at most 64 columns; the parameters are those of the register block, the columns of
    /// b padded with zeros to a multiple of 16.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile(
        int rows, int columns, float* a, nint aRow, nint aStep, float* b, nint bStep,
        float* y, nint yRow, nint steps, bool accumulate)
    {
        if (columns % PackedMatrix.ColumnGranule == 0)
        {
            Padded(rows, columns, a, aRow, aStep, b, bStep, y, yRow, steps, accumulate);
            return;
        }

        // Columns that no vector ends at: through a block of our own.
        int padded = columns + PackedMatrix.ColumnGranule - (columns % PackedMatrix.ColumnGranule);
        float* block = stackalloc float[BlockRows * PackedMatrix.WidestPanel];
        for (int row = 0; accumulate && row < rows; row++)
            new ReadOnlySpan<float>(y + (row * yRow), columns).CopyTo(new Span<float>(block + (row * padded), columns));
        Padded(rows, padded, a, aRow, aStep, b, bStep, block, padded, steps, accumulate);
        for (int row = 0; row < rows; row++)
            new ReadOnlySpan<float>(block + (row * padded), columns).CopyTo(new Span<float>(y + (row * yRow), columns));
    }

    /// <summary>A block whose columns are a multiple of 16, in as wide pieces as the tier has registers for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Padded(
        int rows, int columns, float* a, nint aRow, nint aStep, float* b, nint bStep,
        float* y, nint yRow, nint steps, bool accumulate)
    {
        if (TSimd.Width == 16)
        {
            if (columns == 64)
                Rows<FourColumns<TSimd, TVector>>(rows, a, aRow, aStep, b, bStep, y, yRow, steps, accumulate);
            else if (columns == 32)
                Rows<TwoColumns<TSimd, TVector>>(rows, a, aRow, aStep, b, bStep, y, yRow, steps, accumulate);
            else if (columns == 48)
                Rows<ThreeColumns<TSimd, TVector>>(rows, a, aRow, aStep, b, bStep, y, yRow, steps, accumulate);
            else
                Rows<OneColumns<TSimd, TVector>>(rows, a, aRow, aStep, b, bStep, y, yRow, steps, accumulate);
        }
        else if (TSimd.Width == 1)
        {
            Plain(rows, columns, a, aRow, aStep, b, bStep, y, yRow, steps, accumulate);
        }
        else
        {
            for (int column = 0; column < columns; column += 2 * TSimd.Width)
                Rows<TwoColumns<TSimd, TVector>>(rows, a, aRow, aStep, b + column, bStep, y + column, yRow, steps, accumulate);
        }
    }

    /// <summary>The same block in plain code: what every other path must reproduce bit for bit.</summary>
    private static void Plain(
        int rows, int columns, float* a, nint aRow, nint aStep, float* b, nint bStep,
        float* y, nint yRow, nint steps, bool accumulate)
    {
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                float sum = accumulate ? y[(r * yRow) + c] : 0f;
                for (nint k = 0; k < steps; k++)
                    sum = MathF.FusedMultiplyAdd(a[(r * aRow) + (k * aStep)], b[(k * bStep) + c], sum);
                y[(r * yRow) + c] = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rows<TColumns>(
        int rows, float* a, nint aRow, nint aStep, float* b, nint bStep, float* y, nint yRow, nint steps, bool accumulate)
        where TColumns : struct, IColumns<TColumns, TVector>
    {
        switch (rows)
        {
            case 6:
                GemmBlock<TSimd, TVector, TColumns, SixRows>.Run(a, aRow, aStep, b, bStep, y, yRow, steps, accumulate);
                break;
            case 5:
                GemmBlock<TSimd, TVector, TColumns, FiveRows>.Run(a, aRow, aStep, b, bStep, y, yRow, steps, accumulate);
                break;
            case 4:
                GemmBlock<TSimd, TVector, TColumns, FourRows>.Run(a, aRow, aStep, b, bStep, y, yRow, steps, accumulate);
                break;
            case 3:
                GemmBlock<TSimd, TVector, TColumns, ThreeRows>.Run(a, aRow, aStep, b, bStep, y, yRow, steps, accumulate);
                break;
            case 2:
                GemmBlock<TSimd, TVector, TColumns, TwoRows>.Run(a, aRow, aStep, b, bStep, y, yRow, steps, accumulate);
                break;
            case 1:
                GemmBlock<TSimd, TVector, TColumns, OneRow>.Run(a, aRow, aStep, b, bStep, y, yRow, steps, accumulate);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(rows));
        }
    }

    /// <summary>The matrix where it is if its rows are close together, else copied closely.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static MatrixView InPlaceOrCopy(MatrixView from, float* copy)
    {
        if (from.Stride <= LongestStrideInPlace)
            return from;
        int stride = (from.Columns + PackedMatrix.ColumnGranule - 1) / PackedMatrix.ColumnGranule * PackedMatrix.ColumnGranule;
        var to = new MatrixView(copy, from.Rows, from.Columns, stride);
        for (int row = 0; row < from.Rows; row++)
            from.RowSpan(row).CopyTo(to.RowSpan(row));
        return to;
    }
}
