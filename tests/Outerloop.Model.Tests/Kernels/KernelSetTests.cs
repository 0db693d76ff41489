using Outerloop.Model.Kernels;
using Xunit.Abstractions;

namespace Outerloop.Model.Tests.Kernels;

public sealed class KernelSetTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_tier_of_the_processor_is_tested()
    {
        KernelTier[] tiers = [.. KernelSet.Available.AddRange(KernelSet.AvailableMixed).Select(kernels => kernels.Tier)];
        foreach (KernelTier tier in Enum.GetValues<KernelTier>())
            output.WriteLine(tiers.Contains(tier) ? $"{tier}: tested" : $"{tier}: SKIPPED, this processor does not have it (emitted code is interpreted)");
        Assert.Equal(KernelTier.Scalar, tiers[0]);
        Assert.Equal(tiers.Order(), tiers);
    }

    [Fact]
    public void Every_tier_can_be_chosen_by_name()
    {
        foreach (KernelSet kernels in KernelSet.Available.AddRange(KernelSet.AvailableMixed))
        {
            Assert.Same(kernels, KernelSet.Choose(kernels.Name));
            Assert.Same(kernels, KernelSet.Choose(kernels.Name.ToUpperInvariant()));
        }
    }

    [Fact]
    public void The_default_is_the_fastest_tier_that_the_processor_has()
    {
        KernelTier fastest = KernelSet.Available.AddRange(KernelSet.AvailableMixed).Max(kernels => kernels.Tier);
        Assert.Equal(fastest, KernelSet.Choose(null).Tier);
        Assert.Equal(fastest, KernelSet.Choose("").Tier);
    }

    [Fact]
    public void A_tier_that_does_not_exist_is_refused_with_those_that_do() =>
        Assert.Contains("scalar", Assert.Throws<UnavailableKernelsException>(() => KernelSet.Choose("sse9")).Message, StringComparison.Ordinal);
}
