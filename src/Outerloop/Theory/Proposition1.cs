using Outerloop.Model.Training;

namespace Outerloop.Theory;

/// <summary>
/// Proposition 1: on N on-policy traces with reward R ∈ {0, 1}, the REINFORCE gradient (1/N) Σ R·∇log π is N⁺/N times the
/// gradient of supervised fine-tuning on the N⁺ valid ones.
/// </summary>
/// <param name="Cosine">Between the two gradients; 1 by the proposition.</param>
/// <param name="Scale">Of the REINFORCE gradient in units of the other.</param>
/// <param name="ExpectedScale">N⁺/N.</param>
/// <param name="N">Traces.</param>
/// <param name="Valid">The valid ones among them.</param>
public sealed record Proposition1(double Cosine, double Scale, double ExpectedScale, int N, int Valid)
{
    /// <param name="score">Of the policy that sampled the traces.</param>
    /// <param name="traces">All traces.</param>
    /// <param name="rewards">0 or 1 for each.</param>
    internal static Proposition1 Of(ScoreFunction score, IReadOnlyList<TrainingSequence> traces, IReadOnlyList<double> rewards)
    {
        TrainingSequence[] valid = [.. traces.Where((_, i) => rewards[i] > 0)];
        double[] reinforce = Reinforce(score, traces, rewards), fineTuning = score.Mean(valid);
        return new Proposition1(
            Direction.Cosine(reinforce, fineTuning),
            Direction.Scale(reinforce, fineTuning),
            (double)valid.Length / traces.Count,
            traces.Count,
            valid.Length);
    }

    internal static double[] Reinforce(ScoreFunction score, IReadOnlyList<TrainingSequence> traces, IReadOnlyList<double> rewards) =>
        score.Sum(traces, [.. rewards.Select(reward => reward / traces.Count)]);
}
