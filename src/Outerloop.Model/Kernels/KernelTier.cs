namespace Outerloop.Model.Kernels;

/// <summary>The width of the vectors that a <see cref="KernelSet"/> computes with.</summary>
public enum KernelTier
{
    /// <summary>One float at a time: runs everywhere and is the plain statement of each kernel.</summary>
    Scalar,

    /// <summary>Eight floats with fused multiply-add (AVX2 and FMA).</summary>
    Vector256,

    /// <summary>Sixteen floats (AVX-512).</summary>
    Vector512,
}
