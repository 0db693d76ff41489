namespace Outerloop.Model.Training;

/// <summary>
/// Importance-weighted fine-tuning (Qin and Springenberg, 2025, arXiv 2507.12856): the loss is weighted by how much more
/// probable a trace is under the model in training than under the policy β that sampled it; the weight is taken as constant.
/// </summary>
public sealed class ImportanceWeight : ITraceObjective
{
    private readonly bool _perToken;
    private readonly float _low, _high;

    private ImportanceWeight(bool perToken, float low, float high) => (_perToken, _low, _high) = (perToken, low, high);

    /// <summary>One weight for all tokens: the geometric mean of π/β over them, at most 16.</summary>
    public static ImportanceWeight OfSequence { get; } = new(perToken: false, 0, 16);

    /// <summary>A weight for each token: its π/β, between 0.2 and 1.8.</summary>
    public static ImportanceWeight OfTokens { get; } = new(perToken: true, 0.2f, 1.8f);

    public void Weigh(TrainingSequence sequence, ReadOnlySpan<float> logProbabilities, Span<float> weights)
    {
        ReadOnlySpan<float> behaviour = sequence.RequiredBehaviour;
        float sum = 0;
        for (int t = 0; t < weights.Length; t++)
        {
            weights[t] = logProbabilities[t] - behaviour[t];
            sum += weights[t];
        }

        if (!_perToken)
            weights.Fill(sum / weights.Length);
        foreach (ref float weight in weights)
            weight = sequence.Weight * Math.Clamp(MathF.Exp(weight), _low, _high);
    }
}
