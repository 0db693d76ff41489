using System.Collections.Immutable;
using Outerloop.Model.Training;

namespace Outerloop.Theory;

/// <summary>
/// Proposition 2, with the pass rates that belong in it: λ·E_{p_π⁺}[∇log π] + (1−λ)·E_{p_β⁺}[∇log π] =
/// E_{p_π⁺}[(λ + (1−λ)·(Z_π/Z_β)·β/π)·∇log π], for any number of behaviour policies β.
/// </summary>
/// <param name="MaxRelativeError">Largest difference of the two sides' components, over the largest component.</param>
/// <param name="EffectiveSampleSize">(Σw)²/Σw² of the importance weights of π's own valid traces.</param>
/// <param name="ErrorWithoutPassRates">The first figure, had Z_π/Z_β been left out.</param>
/// <param name="Policies">π and the behaviour policies.</param>
/// <param name="OnPolicy">The right side as it is estimated from π's own traces alone.</param>
/// <param name="Clipping">The same with weights cut at a limit.</param>
public sealed record Proposition2(
    double MaxRelativeError,
    double EffectiveSampleSize,
    double ErrorWithoutPassRates,
    ImmutableArray<MixedPolicy> Policies,
    OnPolicyEstimate OnPolicy,
    ImmutableArray<ClippedEstimate> Clipping)
{
    private static readonly ImmutableArray<double> Limits = [1, 2, 5, 10];

    /// <summary>(Left, right, right without pass rates) by separate sums over the traces.</summary>
    internal static (double[] Left, double[] Right, double[] WithoutPassRates) Sides(
        ScoreFunction score, IReadOnlyList<TrainingSequence> valid, PolicyMixture mixture)
    {
        var left = new double[score.Parameters.Layout.Length];
        for (int policy = 0; policy < mixture.LogZ.Length; policy++)
            Add(left, score.Sum(valid, mixture.Left(policy)));
        return (left, score.Sum(valid, mixture.Right()), score.Sum(valid, mixture.Right(withPassRates: false)));
    }

    /// <param name="score">Of π.</param>
    /// <param name="valid">The valid traces of all policies.</param>
    /// <param name="own">Whether each is π's own.</param>
    internal static Proposition2 Of(
        ScoreFunction score, IReadOnlyList<TrainingSequence> valid, IReadOnlyList<bool> own, PolicyMixture mixture, ImmutableArray<MixedPolicy> policies)
    {
        (double[] left, double[] right, double[] without) = Sides(score, valid, mixture);
        double[] weights = [.. mixture.Weights().Where((_, i) => own[i])];
        TrainingSequence[] sampled = [.. valid.Where((_, i) => own[i])];
        double[] estimate = Estimate(score, sampled, weights);
        return new Proposition2(
            Direction.MaxRelativeError(left, right),
            EffectiveSize(weights),
            Direction.MaxRelativeError(without, left),
            policies,
            new OnPolicyEstimate(
                sampled.Length, weights.Average(), weights.Max(), Direction.Cosine(estimate, left), Direction.RelativeDistance(estimate, left)),
            [.. Limits.Select(limit => Clipped(limit, score, sampled, weights, estimate))]);
    }

    internal static double EffectiveSize(IReadOnlyList<double> weights) =>
        weights.Sum() * weights.Sum() / weights.Sum(weight => weight * weight);

    private static double[] Estimate(ScoreFunction score, TrainingSequence[] traces, double[] weights) =>
        score.Sum(traces, [.. weights.Select(weight => weight / weights.Length)]);

    private static ClippedEstimate Clipped(
        double limit, ScoreFunction score, TrainingSequence[] traces, double[] weights, double[] unclipped)
    {
        double[] cut = [.. weights.Select(weight => Math.Min(weight, limit))];
        int affected = weights.Count(weight => weight > limit);
        double[] gradient = affected == 0 ? unclipped : Estimate(score, traces, cut);
        return new ClippedEstimate(
            limit, affected, EffectiveSize(cut), Direction.Cosine(gradient, unclipped), Direction.Scale(gradient, unclipped));
    }

    private static void Add(double[] sum, double[] term)
    {
        for (int i = 0; i < sum.Length; i++)
            sum[i] += term[i];
    }
}

/// <summary>One generation in the mixture.</summary>
/// <param name="Share">λ: its share of the valid traces.</param>
/// <param name="PassRate">Z as counted on its own traces.</param>
/// <param name="WeightedPassRate">Z as estimated from the traces of all generations, each with its importance weight; what the proposition is given.</param>
public sealed record MixedPolicy(int Generation, int Traces, int Valid, double Share, double PassRate, double WeightedPassRate);

/// <summary>The right side from π's own valid traces.</summary>
/// <param name="MeanWeight">1 in expectation; less where π has not sampled what the others have.</param>
/// <param name="Cosine">With the left side.</param>
/// <param name="RelativeDistance">From the left side, in units of its norm.</param>
public sealed record OnPolicyEstimate(int Valid, double MeanWeight, double LargestWeight, double Cosine, double RelativeDistance);

/// <summary>The right side from π's own valid traces, with no weight above a limit, beside the one without a limit.</summary>
/// <param name="Clipped">How many weights were above it.</param>
public sealed record ClippedEstimate(double Limit, int Clipped, double EffectiveSampleSize, double Cosine, double Scale);
