using System.Runtime.CompilerServices;

namespace Outerloop.Model.Kernels;

/// <summary>Softmax of one row of scaled scores: p = exp(s·z − max(s·z)) / Σ.</summary>
internal static unsafe class Softmax<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <param name="scores">[width], replaced by the probabilities; −∞ gives 0. At least one is finite.</param>
    /// <param name="width">Any number of scores; a multiple of 16 is fastest.</param>
    /// <param name="scale">s, positive.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Row(float* scores, int width, float scale)
    {
        TVector largest = TSimd.Broadcast(float.NegativeInfinity), factor = TSimd.Broadcast(scale);
        int whole = width - (width % TSimd.Width);
        for (int i = 0; i < whole; i += TSimd.Width)
            largest = TSimd.Max(largest, TSimd.Load(scores + i));
        float max = TSimd.Largest(largest);
        for (int i = whole; i < width; i++)
            max = MathF.Max(max, scores[i]);

        TVector sum = default, shift = TSimd.Broadcast(-max * scale);
        for (int i = 0; i < whole; i += TSimd.Width)
        {
            TVector e = SimdMath.Exp<TSimd, TVector>(TSimd.MultiplyAdd(TSimd.Load(scores + i), factor, shift));
            TSimd.Store(scores + i, e);
            sum = TSimd.Add(sum, e);
        }

        float total = TSimd.Sum(sum);
        for (int i = whole; i < width; i++)
        {
            scores[i] = SimdMath.Exp<SimdScalar, float>(MathF.FusedMultiplyAdd(scores[i], scale, -max * scale));
            total += scores[i];
        }

        float inverse = 1f / total;
        TVector normalise = TSimd.Broadcast(inverse);
        for (int i = 0; i < whole; i += TSimd.Width)
            TSimd.Store(scores + i, TSimd.Multiply(TSimd.Load(scores + i), normalise));
        for (int i = whole; i < width; i++)
            scores[i] *= inverse;
    }
}
