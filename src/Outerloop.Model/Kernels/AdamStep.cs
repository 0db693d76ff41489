using System.Runtime.CompilerServices;

namespace Outerloop.Model.Kernels;

/// <summary>The numbers of one AdamW step that are the same for every parameter.</summary>
/// <param name="GradientScale">Factor of the gradient (clipping).</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Rate">Learning rate over the first moment's bias correction.</param>
/// <param name="InverseBias2">1 over the second moment's bias correction.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
/// <param name="Decay">Learning rate times weight decay.</param>
internal sealed record AdamStep(
    float GradientScale, float Beta1, float Beta2, float Rate, float InverseBias2, float Epsilon, float Decay);

/// <summary>
/// One fused pass of AdamW (Loshchilov and Hutter, 2019) over a range of parameters θ with gradient g:
/// m ← β1·m + (1−β1)·g, v ← β2·v + (1−β2)·g², θ ← θ − decay·θ − rate·m / (√(v/(1−β2ᵗ)) + ε).
/// </summary>
/// <remarks>
/// Moments of a parameter without gradient shrink for ever; below 1e-30 they become 0, before they are denormal.
/// </remarks>
internal static unsafe class AdamUpdate<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const float Tiny = 1e-30f;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(AdamStep step, float* parameter, float* gradient, float* first, float* second, int length)
    {
        int i = 0;
        for (; i + TSimd.Width <= length; i += TSimd.Width)
            Update<TSimd, TVector>(step, parameter + i, gradient + i, first + i, second + i);
        for (; i < length; i++)
            Update<SimdScalar, float>(step, parameter + i, gradient + i, first + i, second + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update<TS, TV>(AdamStep step, float* parameter, float* gradient, float* first, float* second)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        TV g = TS.Multiply(TS.Load(gradient), TS.Broadcast(step.GradientScale)), tiny = TS.Broadcast(Tiny);
        TV m = TS.MultiplyAdd(
            TS.Load(first), TS.Broadcast(step.Beta1), TS.Multiply(g, TS.Broadcast(1 - step.Beta1)));
        TV v = TS.MultiplyAdd(
            TS.Load(second), TS.Broadcast(step.Beta2), TS.Multiply(TS.Multiply(g, TS.Broadcast(1 - step.Beta2)), g));
        m = TS.ZeroWhereLess(TS.Abs(m), tiny, m);
        v = TS.ZeroWhereLess(v, tiny, v);
        TS.Store(first, m);
        TS.Store(second, v);
        TV root = TS.Add(TS.Sqrt(TS.Multiply(v, TS.Broadcast(step.InverseBias2))), TS.Broadcast(step.Epsilon));
        TV old = TS.Load(parameter);
        TV decayed = TS.MultiplyAdd(old, TS.Broadcast(-step.Decay), old);
        TS.Store(parameter, TS.MultiplyAdd(TS.Divide(m, root), TS.Broadcast(-step.Rate), decayed));
    }
}
