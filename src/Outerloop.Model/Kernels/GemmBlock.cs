using System.Runtime.CompilerServices;

namespace Outerloop.Model.Kernels;

/// <summary>Some vectors side by side: the columns of a register block.</summary>
internal unsafe interface IColumns<TSelf, TVector>
    where TSelf : struct
    where TVector : struct
{
    static abstract int Vectors { get; }

    static abstract TSelf Load(float* source);

    static abstract void Store(float* target, TSelf value);

    /// <summary>x·b + sum, column by column, each rounded once.</summary>
    static abstract TSelf MultiplyAdd(TVector x, TSelf b, TSelf sum);
}

/// <summary>The number of rows of a register block, a constant of the type.</summary>
internal interface IRows
{
    static abstract int Count { get; }
}

/// <summary>
/// The register block of every matrix product: y[r, c] (+)= Σ_k a[r, k]·b[k, c] for up to 6 rows and 4 vectors of columns.
/// The sum of an element is one chain of fused multiply-adds over ascending k, whatever the block's shape and the tier;
/// so its bits do not depend on how many rows or columns are computed beside it.
/// </summary>
internal static unsafe class GemmBlock<TSimd, TVector, TColumns, TRows>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TColumns : struct, IColumns<TColumns, TVector>
    where TRows : struct, IRows
{
    /// <param name="a">a[r, k] is at <c>a[r·aRow + k·aStep]</c>, so that a transposed matrix serves as well.</param>
    /// <param name="aRow">Floats between rows of a.</param>
    /// <param name="aStep">Floats between steps of a.</param>
    /// <param name="b">b[k, c] is at <c>b[k·bStep + c]</c>.</param>
    /// <param name="bStep">Floats between steps of b.</param>
    /// <param name="y">y[r, c] is at <c>y[r·yRow + c]</c>.</param>
    /// <param name="yRow">Floats between rows of y.</param>
    /// <param name="steps">Length of the sum.</param>
    /// <param name="accumulate">Whether the chain starts at the stored y instead of 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        float* a, nint aRow, nint aStep, float* b, nint bStep, float* y, nint yRow, nint steps, bool accumulate)
    {
        TColumns y0 = default, y1 = default, y2 = default, y3 = default, y4 = default, y5 = default;
        if (accumulate)
        {
            y0 = TColumns.Load(y);
            if (TRows.Count > 1) y1 = TColumns.Load(y + yRow);
            if (TRows.Count > 2) y2 = TColumns.Load(y + (2 * yRow));
            if (TRows.Count > 3) y3 = TColumns.Load(y + (3 * yRow));
            if (TRows.Count > 4) y4 = TColumns.Load(y + (4 * yRow));
            if (TRows.Count > 5) y5 = TColumns.Load(y + (5 * yRow));
        }

        nint row2 = 2 * aRow, row3 = 3 * aRow, row4 = 4 * aRow, row5 = 5 * aRow;
        for (nint k = steps; k > 0; k--)
        {
            TColumns column = TColumns.Load(b);
            y0 = TColumns.MultiplyAdd(TSimd.Broadcast(a[0]), column, y0);
            if (TRows.Count > 1) y1 = TColumns.MultiplyAdd(TSimd.Broadcast(a[aRow]), column, y1);
            if (TRows.Count > 2) y2 = TColumns.MultiplyAdd(TSimd.Broadcast(a[row2]), column, y2);
            if (TRows.Count > 3) y3 = TColumns.MultiplyAdd(TSimd.Broadcast(a[row3]), column, y3);
            if (TRows.Count > 4) y4 = TColumns.MultiplyAdd(TSimd.Broadcast(a[row4]), column, y4);
            if (TRows.Count > 5) y5 = TColumns.MultiplyAdd(TSimd.Broadcast(a[row5]), column, y5);
            a += aStep;
            b += bStep;
        }

        TColumns.Store(y, y0);
        if (TRows.Count > 1) TColumns.Store(y + yRow, y1);
        if (TRows.Count > 2) TColumns.Store(y + (2 * yRow), y2);
        if (TRows.Count > 3) TColumns.Store(y + (3 * yRow), y3);
        if (TRows.Count > 4) TColumns.Store(y + (4 * yRow), y4);
        if (TRows.Count > 5) TColumns.Store(y + (5 * yRow), y5);
    }
}
