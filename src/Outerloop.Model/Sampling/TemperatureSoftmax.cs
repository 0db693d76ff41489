using System.Runtime.CompilerServices;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Sampling;

/// <summary>The element-wise part of drawing a token; the same bits in every tier.</summary>
internal static unsafe class TemperatureSoftmax<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>weights = exp((logits − largest) / temperature).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Exponentiate(float* logits, float* weights, int count, float largest, float inverseTemperature)
    {
        int i = 0;
        for (; i + TSimd.Width <= count; i += TSimd.Width)
            Element<TSimd, TVector>(logits + i, weights + i, largest, inverseTemperature);
        for (; i < count; i++)
            Element<SimdScalar, float>(logits + i, weights + i, largest, inverseTemperature);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Element<TS, TV>(float* logits, float* weights, float largest, float inverseTemperature)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        TV shifted = TS.Subtract(TS.Load(logits), TS.Broadcast(largest));
        TS.Store(weights, SimdMath.Exp<TS, TV>(TS.Multiply(shifted, TS.Broadcast(inverseTemperature))));
    }
}
