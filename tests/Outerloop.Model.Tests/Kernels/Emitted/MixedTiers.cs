using Outerloop.Model.Kernels;
using Outerloop.Model.Kernels.Emitted;

namespace Outerloop.Model.Tests.Kernels.Emitted;

/// <summary>The tiers of mixed precision: interpreted on every machine, and executed where the processor has them.</summary>
internal static class MixedTiers
{
    public static IReadOnlyList<KernelSet> All { get; } =
    [
        Interpreted(KernelTier.BFloat16, DotProductBlocks.Emit()),
        Interpreted(KernelTier.Amx, TileBlocks.Emit()),
        .. KernelSet.AvailableMixed,
    ];

    private static MixedKernelSet Interpreted(KernelTier tier, BlockRoutines routines) =>
        new(tier, new BFloat16Products(routines, new Interpreter(routines.Code)), Interpreted(RowDotBlocks.Emit()));

    private static BFloat16RowProducts Interpreted(RowDotRoutines routines) => new(routines, new Interpreter(routines.Code));
}
