namespace Outerloop.Model.Kernels;

/// <summary>What a <see cref="KernelSet"/> computes with, from plain to fast.</summary>
public enum KernelTier
{
    /// <summary>One float at a time: runs everywhere and is the plain statement of each kernel.</summary>
    Scalar,

    /// <summary>Eight floats with fused multiply-add (AVX2 and FMA).</summary>
    Vector256,

    /// <summary>Sixteen floats (AVX-512).</summary>
    Vector512,

    /// <summary>The same, with matrix products in bf16 by AVX512_BF16.</summary>
    BFloat16,

    /// <summary>The same, with matrix products in bf16 by AMX.</summary>
    Amx,
}
