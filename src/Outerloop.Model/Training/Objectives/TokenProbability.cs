namespace Outerloop.Model.Training;

/// <summary>
/// Fine-tuning with each token's loss scaled by its own probability, which is taken as constant (Wu et al., "On the
/// Generalization of SFT", 2025, arXiv 2508.05629): weight·Σ p·∇log p, which is the gradient of weight·Σ p.
/// </summary>
public sealed class TokenProbability : ITraceObjective
{
    public void Weigh(TrainingSequence sequence, ReadOnlySpan<float> logProbabilities, Span<float> weights)
    {
        for (int t = 0; t < weights.Length; t++)
            weights[t] = sequence.Weight * MathF.Exp(logProbabilities[t]);
    }
}
