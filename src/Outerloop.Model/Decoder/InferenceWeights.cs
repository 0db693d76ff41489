using Outerloop.Model.Kernels;

namespace Outerloop.Model.Decoder;

/// <summary>A weight W [outputs, inputs], in whatever form it is kept.</summary>
internal interface IProjection
{
    /// <summary>Y [rows, outputs] (+)= X [rows, inputs]·Wᵀ. A row of Y does not depend on the other rows.</summary>
    void Multiply(KernelSet kernels, MatrixView x, MatrixView y, bool accumulate = false);
}

/// <summary>Copies the embedding of each token into a row of [tokens, dim].</summary>
internal delegate void TokenEmbedding(ReadOnlySpan<int> tokens, MatrixView rows);

/// <summary>What a decoder reads when it only runs forward. Key with value and gate with up are one projection each.</summary>
internal sealed record InferenceLayer(
    FloatBuffer InputNorm,
    IProjection Query,
    IProjection KeyValue,
    FloatBuffer QueryNorm,
    FloatBuffer KeyNorm,
    IProjection Output,
    FloatBuffer PostAttentionNorm,
    IProjection GateUp,
    IProjection Down);

/// <inheritdoc cref="InferenceLayer"/>
internal sealed record InferenceWeights(
    ModelConfig Config, TokenEmbedding Embed, InferenceLayer[] Layers, FloatBuffer FinalNorm, IProjection Head, RotaryTable Rotary)
{
    public static InferenceWeights Of(DecoderWeights weights) => new(
        weights.Config, weights.Embed, [.. weights.Layers.Select(Of)], weights.FinalNorm, weights.Head, weights.Rotary);

    private static InferenceLayer Of(LayerWeights layer) => new(
        layer.InputNorm, layer.Query, layer.KeyValue, layer.QueryNorm, layer.KeyNorm, layer.Output, layer.PostAttentionNorm,
        layer.GateUp, layer.Down);
}
