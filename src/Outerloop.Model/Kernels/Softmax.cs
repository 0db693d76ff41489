using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outerloop.Model.Kernels;

/// <summary>What makes the probabilities of a row from its scores again: p = exp(s·z + Shift)·Inverse.</summary>
/// <param name="Shift">−max(s·z)</param>
/// <param name="Inverse">1/Σ</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SoftmaxRow(float Shift, float Inverse);

/// <summary>Softmax of one row of scaled scores: p = exp(s·z − max(s·z)) / Σ.</summary>
internal static unsafe class Softmax<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <param name="scores">
    /// [width], replaced by the probabilities; the memory up to the next multiple of 16 is read and becomes 0.
    /// </param>
    /// <param name="width">Number of scores, at least 1.</param>
    /// <param name="scale">s, positive.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SoftmaxRow Row(float* scores, int width, float scale)
    {
        int rest = width % TSimd.Width, whole = width - rest;
        TVector largest = TSimd.Broadcast(float.NegativeInfinity);
        for (int i = 0; i < whole; i += TSimd.Width)
            largest = TSimd.Max(largest, TSimd.Load(scores + i));
        // The last scores wait in a register: a partial store would stall the load behind it.
        TVector last = default;
        if (rest != 0)
        {
            last = TSimd.LoadFirst(scores + whole, rest);
            largest = TSimd.Max(largest, last);
        }

        float negativeMax = -TSimd.Largest(largest) * scale;
        TVector factor = TSimd.Broadcast(scale), shift = TSimd.Broadcast(negativeMax), sum = default;
        for (int i = 0; i < whole; i += TSimd.Width)
        {
            TVector e = SimdMath.ExpUpTo88<TSimd, TVector>(TSimd.MultiplyAdd(TSimd.Load(scores + i), factor, shift));
            TSimd.Store(scores + i, e);
            sum = TSimd.Add(sum, e);
        }

        if (rest != 0)
        {
            last = SimdMath.ExpUpTo88<TSimd, TVector>(TSimd.MultiplyAdd(last, factor, shift));
            sum = TSimd.Add(sum, last);
        }

        float inverse = 1f / TSimd.Sum(sum);
        TVector normalise = TSimd.Broadcast(inverse);
        for (int i = 0; i < whole; i += TSimd.Width)
            TSimd.Store(scores + i, TSimd.Multiply(TSimd.Load(scores + i), normalise));
        int end = whole;
        if (rest != 0)
        {
            TSimd.Store(scores + whole, TSimd.Multiply(last, normalise));
            end += TSimd.Width;
        }

        for (; end % 16 != 0; end += TSimd.Width)
            TSimd.Store(scores + end, default);
        return new SoftmaxRow(negativeMax, inverse);
    }
}
