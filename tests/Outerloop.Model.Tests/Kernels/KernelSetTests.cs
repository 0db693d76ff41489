using Outerloop.Model.Kernels;
using Xunit.Abstractions;

namespace Outerloop.Model.Tests.Kernels;

public sealed class KernelSetTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_tier_of_the_processor_is_tested()
    {
        KernelTier[] tiers = [.. KernelSet.Available.Select(kernels => kernels.Tier)];
        foreach (KernelTier tier in Enum.GetValues<KernelTier>())
            output.WriteLine(tiers.Contains(tier) ? $"{tier}: tested" : $"{tier}: SKIPPED, this processor does not have it");
        Assert.Equal(KernelTier.Scalar, tiers[0]);
        Assert.Equal(tiers.Order(), tiers);
    }

    [Fact]
    public void The_best_tier_is_taken_unless_the_environment_names_one()
    {
        Assert.Equal(KernelSet.Available[^1].Tier, KernelSet.Choose(null).Tier);
        Assert.Equal(KernelTier.Scalar, KernelSet.Choose("scalar").Tier);
        Assert.Equal(KernelTier.Scalar, KernelSet.Choose("SCALAR").Tier);
        foreach (KernelSet kernels in KernelSet.Available.Skip(1))
            Assert.Same(kernels, KernelSet.Choose(kernels.Tier == KernelTier.Vector256 ? "v256" : "v512"));
    }

    [Fact]
    public void A_tier_that_does_not_exist_is_refused_with_those_that_do() =>
        Assert.Contains("scalar", Assert.Throws<NotSupportedException>(() => KernelSet.Choose("amx")).Message, StringComparison.Ordinal);
}
