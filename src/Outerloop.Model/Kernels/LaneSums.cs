using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Outerloop.Model.Kernels;

/// <summary>
/// The sum of the 16 lanes of a vector, halves by halves, of one vector or of several at once in fewer instructions: the same
/// bits. Turning the lanes around does not change them, since lanes i and i + 8 remain partners, and so on.
/// </summary>
internal static unsafe class LaneSums
{
    private const int Lanes = 16;

    /// <summary><see cref="Sum"/> of two rows of four vectors, side by side; in half the instructions of eight sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TwoRows(float* sums, float* first, float* second, bool accumulate)
    {
        Vector512<float> one = FourQuarters(sums), other = FourQuarters(sums + (4 * Lanes));
        // of each output (a0 + a2, b0 + b2, a1 + a3, b1 + b3), then (a, b, a, b)
        Vector512<float> halves = Avx512F.UnpackLow(one, other) + Avx512F.UnpackHigh(one, other);
        Vector512<float> both = halves + Avx512F.Permute4x32(halves, 0b01_00_11_10);
        Vector256<float> rows = Avx512F.PermuteVar16x32(both, Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 0, 4, 8, 12, 1, 5, 9, 13)).GetLower();
        Vector128<float> a = rows.GetLower(), b = rows.GetUpper();
        (accumulate ? Vector128.Load(first) + a : a).Store(first);
        (accumulate ? Vector128.Load(second) + b : b).Store(second);
    }

    /// <summary><see cref="Quarter"/> of each of four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> FourQuarters(float* sums)
    {
        Vector512<float> a = Halves(Vector512.Load(sums), Vector512.Load(sums + Lanes));
        Vector512<float> b = Halves(Vector512.Load(sums + (2 * Lanes)), Vector512.Load(sums + (3 * Lanes)));
        return Avx512F.Shuffle4x128(a, b, 0b10_00_10_00) + Avx512F.Shuffle4x128(a, b, 0b11_01_11_01);
    }

    /// <summary>Lanes i and i + 8 of one vector, then of another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Halves(Vector512<float> a, Vector512<float> b) =>
        Avx512F.Shuffle4x128(a, b, 0b01_00_01_00) + Avx512F.Shuffle4x128(a, b, 0b11_10_11_10);

    /// <summary>Halves by halves: lane i and lane i + 8, then i + 4, i + 2, i + 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> lanes)
    {
        Vector128<float> four = Quarter(lanes);
        Vector128<float> two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 2, 3));
        return two[0] + two[1];
    }

    /// <summary><see cref="Sum"/> of four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Four(float* sums, nint stride)
    {
        Vector128<float> a = Quarter(Vector512.Load(sums)), b = Quarter(Vector512.Load(sums + stride));
        Vector128<float> c = Quarter(Vector512.Load(sums + (2 * stride))), d = Quarter(Vector512.Load(sums + (3 * stride)));
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
}
