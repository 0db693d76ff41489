using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Outerloop.Model.Kernels;

/// <summary>Brings what will be needed next on its way from far caches while something else is computed.</summary>
internal static unsafe class Prefetching
{
    private const int CacheLineFloats = 16;

    /// <summary>Some rows and columns of a matrix; rows that it does not have are left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(MatrixView matrix, int row, int rows, int column, int columns)
    {
        if (!Sse.IsSupported)
            return;
        for (int end = Math.Min(row + rows, matrix.Rows); row < end; row++)
        {
            float* start = matrix.Row(row) + column;
            for (int offset = 0; offset < columns; offset += CacheLineFloats)
                Sse.Prefetch0(start + offset);
        }
    }
}
