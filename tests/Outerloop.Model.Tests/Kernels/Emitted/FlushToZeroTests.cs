using System.Runtime.CompilerServices;
using Outerloop.Model.Kernels.Emitted;
using Outerloop.Model.Training;
using Xunit.Abstractions;

namespace Outerloop.Model.Tests.Kernels.Emitted;

public sealed class FlushToZeroTests(ITestOutputHelper output)
{
    [Fact]
    public void Tiny_numbers_are_zero_while_it_lasts_and_not_afterwards()
    {
        output.WriteLine(FlushToZero.IsSupported ? "tested" : "SKIPPED, no code can be emitted here");
        Assert.True(Tiny() > 0);
        using (FlushToZero.Begin())
        {
            using (FlushToZero.Begin())
                Assert.Equal(FlushToZero.IsSupported, Tiny() == 0);
            Assert.Equal(FlushToZero.IsSupported, Tiny() == 0);
        }

        Assert.True(Tiny() > 0);
    }

    [Fact]
    public void It_ends_with_an_exception_too()
    {
        Assert.Throws<InvalidOperationException>(Fail);
        Assert.True(Tiny() > 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_worker_flushes_and_the_pool_is_left_as_it_was(int threads)
    {
        float[] during = new float[20];
        new Workers(threads).Run(during.Length, (job, _) => during[job] = Tiny());
        Assert.All(during, value => Assert.Equal(FlushToZero.IsSupported, value == 0));
        Assert.All(ParallelEnumerable.Range(0, 50).Select(_ => Tiny()), value => Assert.True(value > 0));
    }

    private static void Fail()
    {
        using var flush = FlushToZero.Begin();
        throw new InvalidOperationException();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Tiny() => Small() * Small();

    /// <summary>Nothing that the compiler could multiply beforehand.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Small() => 1e-20f;
}
