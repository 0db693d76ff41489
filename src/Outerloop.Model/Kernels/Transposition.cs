using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Outerloop.Model.Kernels;

/// <summary>Copies a matrix transposed; the reference is target[c·stride + r] = source[r, c].</summary>
internal static unsafe class Transposition
{
    /// <summary>Writes sourceᵀ [columns, rows] at <paramref name="target"/>, rows <paramref name="stride"/> floats apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(MatrixView source, float* target, int stride)
    {
        int row = 0;
        for (; row + 4 <= source.Rows; row += 4)
        {
            float* a = source.Row(row), b = a + source.Stride, c = b + source.Stride, d = c + source.Stride;
            float* to = target + row;
            int column = 0;
            for (; column + 4 <= source.Columns; column += 4, to += 4 * (nint)stride)
                FourByFour(a + column, b + column, c + column, d + column, to, stride);
            for (; column < source.Columns; column++, to += stride)
            {
                to[0] = a[column];
                to[1] = b[column];
                to[2] = c[column];
                to[3] = d[column];
            }
        }

        for (; row < source.Rows; row++)
        {
            float* from = source.Row(row);
            for (int column = 0; column < source.Columns; column++)
                target[((nint)column * stride) + row] = from[column];
        }
    }

    /// <summary>Interleaves pairs (a with c, b with d), then pairs of pairs: four loads and four stores for 16 floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByFour(float* a, float* b, float* c, float* d, float* to, nint stride)
    {
        Vector128<float> rowA = Vector128.Load(a), rowB = Vector128.Load(b), rowC = Vector128.Load(c), rowD = Vector128.Load(d);
        Vector128<float> lowAc = InterleaveLow(rowA, rowC), highAc = InterleaveHigh(rowA, rowC);
        Vector128<float> lowBd = InterleaveLow(rowB, rowD), highBd = InterleaveHigh(rowB, rowD);
        InterleaveLow(lowAc, lowBd).Store(to);
        InterleaveHigh(lowAc, lowBd).Store(to + stride);
        InterleaveLow(highAc, highBd).Store(to + (2 * stride));
        InterleaveHigh(highAc, highBd).Store(to + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveLow(Vector128<float> x, Vector128<float> y) =>
        System.Runtime.Intrinsics.X86.Sse.IsSupported
            ? System.Runtime.Intrinsics.X86.Sse.UnpackLow(x, y)
            : Vector128.Create(x[0], y[0], x[1], y[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveHigh(Vector128<float> x, Vector128<float> y) =>
        System.Runtime.Intrinsics.X86.Sse.IsSupported
            ? System.Runtime.Intrinsics.X86.Sse.UnpackHigh(x, y)
            : Vector128.Create(x[2], y[2], x[3], y[3]);
}
