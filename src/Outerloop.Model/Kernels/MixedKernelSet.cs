using System.Runtime.Intrinsics;

namespace Outerloop.Model.Kernels;

/// <summary>
/// The 512-bit tier with matrix products in mixed precision: inputs are rounded to bf16, sums are of float, and all that is
/// stored between operations, the weights that training steps included, remains float. A right side that is packed as floats
/// is multiplied in float.
/// </summary>
internal sealed class MixedKernelSet(KernelTier tier, BFloat16Products products) : KernelSet<Simd512, Vector512<float>>(tier)
{
    public override PackedFormat Format => PackedFormat.BFloat16Pairs;

    public override void Multiply(MatrixView x, PackedMatrix b, MatrixView y, bool accumulate = false)
    {
        if (b.Format == PackedFormat.Single)
            base.Multiply(x, b, y, accumulate);
        else
            products.Multiply(x, b, y, accumulate);
    }

    public override void AccumulateOuter(MatrixView dy, MatrixView x, MatrixView dw) => products.AccumulateOuter(dy, x, dw);

    public override double ExerciseMultiplyAdds(int rounds) => products.Exercise(rounds);
}
