namespace Outerloop.Theory;

/// <summary>
/// Several policies' distributions over the same valid traces, p⁺ = policy/Z, and a mixture of them: Σ λ·p⁺. Masses are
/// kept as logarithms, since a long trace's are small.
/// </summary>
internal sealed class PolicyMixture
{
    private readonly double[][] _logMass;
    private readonly double[] _shares;
    private readonly int _target;

    /// <param name="logMass">[policies][valid traces]: ln of the mass that a policy gives to a trace; its Z is their sum.</param>
    /// <param name="shares">[policies] λ; sum 1.</param>
    /// <param name="target">Which policy is π.</param>
    public PolicyMixture(double[][] logMass, double[] shares, int target)
    {
        (_logMass, _shares, _target) = (logMass, shares, target);
        LogZ = [.. logMass.Select(LogSum)];
    }

    /// <summary>ln Z of each policy: the logarithm of its pass rate.</summary>
    public double[] LogZ { get; }

    /// <summary>
    /// Masses on sampled traces, by the balance heuristic (Veach and Guibas, 1995): trace i of n, drawn from the mixture
    /// m = Σ (n_k/n)·β_k of all policies, stands for the mass β_k(i) / (n·m(i)). So Z is an unbiased estimate of the pass
    /// rate of each policy from the traces of all.
    /// </summary>
    /// <param name="logProbs">[policies][valid traces]: exact ln β_k(i).</param>
    /// <param name="counts">[policies] traces that each has sampled, invalid ones included.</param>
    public static double[][] MassOfSamples(double[][] logProbs, int[] counts)
    {
        double logAll = Math.Log(counts.Sum());
        double[] logMixture =
        [
            .. Enumerable.Range(0, logProbs[0].Length)
                .Select(i => LogSum([.. logProbs.Select((policy, k) => policy[i] + Math.Log(counts[k]) - logAll)])),
        ];
        return [.. logProbs.Select(policy => policy.Select((value, i) => value - logMixture[i] - logAll).ToArray())];
    }

    /// <summary>λ·p⁺ of one policy: its term of the left side.</summary>
    public double[] Left(int policy) =>
        [.. _logMass[policy].Select(mass => _shares[policy] * Math.Exp(mass - LogZ[policy]))];

    /// <summary>p_π⁺ times the importance weight: the right side.</summary>
    public double[] Right(bool withPassRates = true)
    {
        double[] ratios = LogRatios(withPassRates);
        return [.. ratios.Select((ratio, i) => Math.Exp(_logMass[_target][i] - LogZ[_target] + ratio))];
    }

    /// <summary>The importance weights Σ λ_k·(Z_π/Z_k)·β_k/π, that of π itself being λ_π.</summary>
    public double[] Weights() => [.. LogRatios(withPassRates: true).Select(Math.Exp)];

    private double[] LogRatios(bool withPassRates) =>
    [
        .. _logMass[_target].Select((own, i) => LogSum(
        [
            .. _logMass.Select((mass, k) =>
                Math.Log(_shares[k]) + mass[i] - own + (withPassRates ? LogZ[_target] - LogZ[k] : 0)),
        ])),
    ];

    private static double LogSum(double[] logarithms)
    {
        double largest = logarithms.DefaultIfEmpty(double.NegativeInfinity).Max();
        return double.IsNegativeInfinity(largest) ? largest : largest + Math.Log(logarithms.Sum(value => Math.Exp(value - largest)));
    }
}
