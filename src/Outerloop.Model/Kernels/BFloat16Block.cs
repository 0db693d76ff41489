using System.Runtime.CompilerServices;

namespace Outerloop.Model.Kernels;

/// <summary>
/// A register block of a product with a bfloat16 right side: y[r, c] (+)= Σ_k a[r, k]·b[k, c] for up to three rows and
/// <see cref="MaxVectors"/> vectors of columns. As in <see cref="GemmBlock{TSimd,TVector,TColumns,TRows}"/> every element
/// is one chain of fused multiply-adds over ascending k, so that its bits depend on neither the block nor the tier.
/// </summary>
internal static unsafe class BFloat16Block<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public const int MaxRows = 3;

    /// <summary>What the tier's registers hold, with three rows.</summary>
    public static int MaxVectors => TSimd.Width switch { 16 => 4, 8 => 2, _ => 1 };

    /// <summary>The largest block that is not wider than so many vectors.</summary>
    public static int VectorsOf(int wanted) => Math.Min(MaxVectors, wanted switch { >= 4 => 4, >= 2 => 2, _ => 1 });

    /// <param name="rows">1 to 3.</param>
    /// <param name="vectors">As <see cref="VectorsOf"/> gives.</param>
    /// <param name="a">a[r, k] is at <c>a[r·aRow + k]</c>.</param>
    /// <param name="aRow">Floats between rows of a.</param>
    /// <param name="b">b[k, v·width + i] is at <c>b[k·bStep + v·bVector + i]</c>.</param>
    /// <param name="bStep">Elements between steps of b.</param>
    /// <param name="bVector">Elements between vectors of b.</param>
    /// <param name="y">y[r, c] is at <c>y[r·yRow + c]</c>.</param>
    /// <param name="yRow">Floats between rows of y.</param>
    /// <param name="steps">Length of the sum.</param>
    /// <param name="accumulate">Whether the chain starts at the stored y instead of 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(
        int rows, int vectors, float* a, nint aRow, ushort* b, nint bStep, nint bVector, float* y, nint yRow, nint steps, bool accumulate)
    {
        switch (rows)
        {
            case 1:
                Rows<OneRow>(vectors, a, aRow, b, bStep, bVector, y, yRow, steps, accumulate);
                break;
            case 2:
                Rows<TwoRows>(vectors, a, aRow, b, bStep, bVector, y, yRow, steps, accumulate);
                break;
            default:
                Rows<ThreeRows>(vectors, a, aRow, b, bStep, bVector, y, yRow, steps, accumulate);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rows<TRows>(
        int vectors, float* a, nint aRow, ushort* b, nint bStep, nint bVector, float* y, nint yRow, nint steps, bool accumulate)
        where TRows : struct, IRows
    {
        if (vectors == 4)
            Block<TRows, FourRows>(a, aRow, b, bStep, bVector, y, yRow, steps, accumulate);
        else if (vectors == 2)
            Block<TRows, TwoRows>(a, aRow, b, bStep, bVector, y, yRow, steps, accumulate);
        else
            Block<TRows, OneRow>(a, aRow, b, bStep, bVector, y, yRow, steps, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<TRows, TVectors>(
        float* a, nint aRow, ushort* b, nint bStep, nint bVector, float* y, nint yRow, nint steps, bool accumulate)
        where TRows : struct, IRows
        where TVectors : struct, IRows
    {
        TVector p0 = default, p1 = default, p2 = default, p3 = default;
        TVector q0 = default, q1 = default, q2 = default, q3 = default;
        TVector r0 = default, r1 = default, r2 = default, r3 = default;
        if (accumulate)
        {
            Load<TVectors>(y, ref p0, ref p1, ref p2, ref p3);
            if (TRows.Count > 1) Load<TVectors>(y + yRow, ref q0, ref q1, ref q2, ref q3);
            if (TRows.Count > 2) Load<TVectors>(y + (2 * yRow), ref r0, ref r1, ref r2, ref r3);
        }

        nint third = 2 * aRow, b2 = 2 * bVector, b3 = 3 * bVector;
        for (nint k = steps; k > 0; k--)
        {
            TVector v0 = TSimd.LoadBFloat16(b), v1 = default, v2 = default, v3 = default;
            if (TVectors.Count > 1) v1 = TSimd.LoadBFloat16(b + bVector);
            if (TVectors.Count > 2) v2 = TSimd.LoadBFloat16(b + b2);
            if (TVectors.Count > 3) v3 = TSimd.LoadBFloat16(b + b3);
            TVector x = TSimd.Broadcast(a[0]);
            p0 = TSimd.MultiplyAdd(x, v0, p0);
            if (TVectors.Count > 1) p1 = TSimd.MultiplyAdd(x, v1, p1);
            if (TVectors.Count > 2) p2 = TSimd.MultiplyAdd(x, v2, p2);
            if (TVectors.Count > 3) p3 = TSimd.MultiplyAdd(x, v3, p3);
            if (TRows.Count > 1)
            {
                x = TSimd.Broadcast(a[aRow]);
                q0 = TSimd.MultiplyAdd(x, v0, q0);
                if (TVectors.Count > 1) q1 = TSimd.MultiplyAdd(x, v1, q1);
                if (TVectors.Count > 2) q2 = TSimd.MultiplyAdd(x, v2, q2);
                if (TVectors.Count > 3) q3 = TSimd.MultiplyAdd(x, v3, q3);
            }

            if (TRows.Count > 2)
            {
                x = TSimd.Broadcast(a[third]);
                r0 = TSimd.MultiplyAdd(x, v0, r0);
                if (TVectors.Count > 1) r1 = TSimd.MultiplyAdd(x, v1, r1);
                if (TVectors.Count > 2) r2 = TSimd.MultiplyAdd(x, v2, r2);
                if (TVectors.Count > 3) r3 = TSimd.MultiplyAdd(x, v3, r3);
            }

            a++;
            b += bStep;
        }

        Store<TVectors>(y, p0, p1, p2, p3);
        if (TRows.Count > 1) Store<TVectors>(y + yRow, q0, q1, q2, q3);
        if (TRows.Count > 2) Store<TVectors>(y + (2 * yRow), r0, r1, r2, r3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<TVectors>(float* y, ref TVector v0, ref TVector v1, ref TVector v2, ref TVector v3)
        where TVectors : struct, IRows
    {
        v0 = TSimd.Load(y);
        if (TVectors.Count > 1) v1 = TSimd.Load(y + TSimd.Width);
        if (TVectors.Count > 2) v2 = TSimd.Load(y + (2 * TSimd.Width));
        if (TVectors.Count > 3) v3 = TSimd.Load(y + (3 * TSimd.Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVectors>(float* y, TVector v0, TVector v1, TVector v2, TVector v3)
        where TVectors : struct, IRows
    {
        TSimd.Store(y, v0);
        if (TVectors.Count > 1) TSimd.Store(y + TSimd.Width, v1);
        if (TVectors.Count > 2) TSimd.Store(y + (2 * TSimd.Width), v2);
        if (TVectors.Count > 3) TSimd.Store(y + (3 * TSimd.Width), v3);
    }
}
