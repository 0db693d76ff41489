using Outerloop.Model.Kernels;

namespace Outerloop.Model.Decoder;

/// <summary>Chooses the targets' weights by how probable the model finds them; both have a value for each target.</summary>
internal delegate void TargetWeighting(ReadOnlySpan<float> logProbabilities, Span<float> weights);

/// <summary>
/// The loss of one sequence and its gradient: −Σ_t weight[t]·log p(token t | tokens before t) over the targets from some
/// index on.
/// </summary>
internal static class SequenceGradient
{
    /// <param name="kernels">The tier.</param>
    /// <param name="weights">The model, packed for training.</param>
    /// <param name="workspace">The worker's memory.</param>
    /// <param name="tokens">[n], n at least 2.</param>
    /// <param name="firstTarget">Index of the first token to be predicted, 1 to n − 1.</param>
    /// <param name="targetWeights">[n − firstTarget]; 0 leaves a target out, negative pushes away from it.</param>
    /// <param name="logProbabilities">[n − firstTarget], receives log p of each target.</param>
    /// <param name="gradient">A flat buffer of the layout of what is trained (the parameters, or the adapter on them), added to.</param>
    /// <param name="weigh">Sets the weights between the pass forward and the one backward; null leaves them as they are.</param>
    public static void Accumulate(
        KernelSet kernels, DecoderWeights weights, DecoderWorkspace workspace, ReadOnlySpan<int> tokens, int firstTarget,
        Span<float> targetWeights, Span<float> logProbabilities, FloatBuffer gradient, TargetWeighting? weigh = null)
    {
        TokenRange.Check(weights.Config, tokens, firstTarget);
        // Row t predicts token t + 1; the last token predicts nothing and is not read.
        ReadOnlySpan<int> inputs = tokens[..^1];
        MatrixView logits = DecoderForward.Run(kernels, weights, workspace, inputs, firstTarget - 1);
        if (weigh is not null)
        {
            kernels.LogProbabilities(logits, tokens[firstTarget..], logProbabilities);
            weigh(logProbabilities, targetWeights);
        }

        kernels.CrossEntropyGradient(logits, tokens[firstTarget..], targetWeights, logProbabilities);
        DecoderBackward.Run(kernels, weights, workspace, inputs, firstTarget - 1, logits, gradient);
    }
}
