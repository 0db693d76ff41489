using Outerloop.Model.Decoder;

namespace Outerloop.Model.Measurement;

/// <summary>Arithmetic and memory traffic of a decoder, from its shape.</summary>
internal sealed class ModelWork(ModelConfig config)
{
    private readonly double _layerWeights =
        config.Layers * (((2.0 * config.QueryDim) + (2.0 * config.KeyValueDim) + (3.0 * config.FeedForward)) * config.Dim);

    private readonly double _headWeights = (double)config.Vocabulary * config.Dim;

    /// <summary>Weights that take part in matrix products, each once a token.</summary>
    public double ProductWeights => _layerWeights + _headWeights;

    /// <summary>Floating-point operations of the forward pass of one token that sees <paramref name="visible"/> tokens, itself included.</summary>
    public double ForwardFlops(double visible) =>
        (2 * ProductWeights) + (4.0 * config.Layers * config.QueryDim * visible);

    /// <summary>Of reading a prompt, of which the last token alone is asked for what follows.</summary>
    public double PrefillFlops(int tokens) =>
        (2 * _layerWeights * tokens) + (2 * _headWeights) + (4.0 * config.Layers * config.QueryDim * MeanVisible(tokens) * tokens);

    /// <summary>Of a forward and a backward pass, in which every product appears three times.</summary>
    public double TrainingFlops(double visible) => 3 * ForwardFlops(visible);

    /// <summary>Mean number of tokens that a token of a sequence sees under the causal mask.</summary>
    public static double MeanVisible(int sequenceLength) => (sequenceLength + 1) / 2.0;
}
