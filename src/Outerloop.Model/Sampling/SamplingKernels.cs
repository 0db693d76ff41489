using System.Runtime.Intrinsics;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Sampling;

/// <summary>The kernels that only sampling needs, of one tier.</summary>
internal abstract unsafe class SamplingKernels
{
    public static SamplingKernels Of(KernelTier tier) => tier switch
    {
        >= KernelTier.Vector512 => new SamplingKernels<Simd512, Vector512<float>>(),
        KernelTier.Vector256 => new SamplingKernels<Simd256, Vector256<float>>(),
        _ => new SamplingKernels<SimdScalar, float>(),
    };

    /// <summary>See <see cref="CachedAttention{TSimd,TVector}.Attend"/>.</summary>
    public abstract void Attend(in AttentionTile tile);

    /// <summary>See <see cref="TemperatureSoftmax{TSimd,TVector}.Exponentiate"/>.</summary>
    public abstract void Exponentiate(float* logits, float* weights, int count, float largest, float inverseTemperature);
}

/// <summary>Binds them to a tier.</summary>
internal sealed unsafe class SamplingKernels<TSimd, TVector> : SamplingKernels
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public override void Attend(in AttentionTile tile) => CachedAttention<TSimd, TVector>.Attend(tile);

    public override void Exponentiate(float* logits, float* weights, int count, float largest, float inverseTemperature) =>
        TemperatureSoftmax<TSimd, TVector>.Exponentiate(logits, weights, count, largest, inverseTemperature);
}
