using System.Runtime.CompilerServices;

namespace Outerloop.Model.Kernels;

/// <summary>
/// Adds the gradients of the micro-batches element by element, ((g0 + g1) + g2) + …, into the first, and returns the sum
/// of squares of the result. The order never depends on which thread computed what.
/// </summary>
internal static unsafe class GradientSum<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Elements whose squares are summed in single precision before they join the sum in double precision.</summary>
    private const int Chunk = 1024;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Run(ReadOnlySpan<FloatBuffer> parts, int start, int length)
    {
        double squares = 0;
        for (int offset = start; offset < start + length; offset += Chunk)
        {
            int count = Math.Min(Chunk, start + length - offset);
            float* sum = parts[0].Data + offset;
            for (int part = 1; part < parts.Length; part++)
                Add(sum, parts[part].Data + offset, count);
            squares += SumOfSquares(sum, count);
        }

        return squares;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* sum, float* addend, int count)
    {
        int i = 0;
        for (; i + TSimd.Width <= count; i += TSimd.Width)
            TSimd.Store(sum + i, TSimd.Add(TSimd.Load(sum + i), TSimd.Load(addend + i)));
        for (; i < count; i++)
            sum[i] += addend[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double SumOfSquares(float* values, int count)
    {
        TVector squares = default;
        int i = 0;
        for (; i + TSimd.Width <= count; i += TSimd.Width)
            squares = TSimd.MultiplyAdd(TSimd.Load(values + i), TSimd.Load(values + i), squares);
        double sum = TSimd.Sum(squares);
        for (; i < count; i++)
            sum += (double)values[i] * values[i];
        return sum;
    }
}
