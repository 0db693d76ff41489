namespace Outerloop.Model.Training;

/// <summary>
/// The clipped objective of PPO (Schulman et al., 2017) as GRPO has it (Shao et al., 2024): the mean over the tokens of
/// min(r·A, clip(r, 1 − ε, 1 + ε)·A), with r = π/β of the token and the sequence's weight as advantage A.
/// </summary>
public sealed class ClippedRatio(float epsilon) : ITraceObjective
{
    public void Weigh(TrainingSequence sequence, ReadOnlySpan<float> logProbabilities, Span<float> weights)
    {
        ReadOnlySpan<float> behaviour = sequence.RequiredBehaviour;
        float advantage = sequence.Weight;
        for (int t = 0; t < weights.Length; t++)
        {
            float ratio = MathF.Exp(logProbabilities[t] - behaviour[t]);
            bool farEnough = advantage > 0 ? ratio > 1 + epsilon : ratio < 1 - epsilon;
            weights[t] = farEnough ? 0 : advantage * ratio / weights.Length;
        }
    }
}
