using System.Runtime.CompilerServices;

namespace Outerloop.Model.Kernels;

/// <summary>Fused multiply-adds from registers alone, in enough independent chains to hide their latency: the processor's peak.</summary>
internal static class FmaPeak<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int Chains = 12;

    /// <summary>Floating-point operations of <see cref="Run"/>.</summary>
    public static double Operations(int rounds) => 2.0 * Chains * TSimd.Width * rounds;

    /// <summary>x ← x·½ + ½ in every chain and lane, which stays near 1.</summary>
    /// <returns>The sum of all lanes, so that nothing is left out.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Run(int rounds)
    {
        TVector half = TSimd.Broadcast(0.5f);
        TVector a = half, b = half, c = half, d = half, e = half, f = half, g = half, h = half, i = half, j = half, k = half, l = half;
        for (int round = 0; round < rounds; round++)
        {
            a = TSimd.MultiplyAdd(a, half, half);
            b = TSimd.MultiplyAdd(b, half, half);
            c = TSimd.MultiplyAdd(c, half, half);
            d = TSimd.MultiplyAdd(d, half, half);
            e = TSimd.MultiplyAdd(e, half, half);
            f = TSimd.MultiplyAdd(f, half, half);
            g = TSimd.MultiplyAdd(g, half, half);
            h = TSimd.MultiplyAdd(h, half, half);
            i = TSimd.MultiplyAdd(i, half, half);
            j = TSimd.MultiplyAdd(j, half, half);
            k = TSimd.MultiplyAdd(k, half, half);
            l = TSimd.MultiplyAdd(l, half, half);
        }

        TVector sum = TSimd.Add(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d)), TSimd.Add(TSimd.Add(e, f), TSimd.Add(g, h)));
        return TSimd.Sum(TSimd.Add(sum, TSimd.Add(TSimd.Add(i, j), TSimd.Add(k, l))));
    }
}
