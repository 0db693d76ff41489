namespace Outerloop.Model.Decoder;

/// <summary>
/// The shape of a Qwen3-style decoder: RMSNorm before each block, rotary positions (RoPE, the half-split form of
/// Hugging Face), grouped-query attention with a per-head RMSNorm of queries and keys (QK-norm), SwiGLU, no biases.
/// </summary>
public sealed record ModelConfig
{
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream (<c>hidden_size</c>).</summary>
    public required int Dim { get; init; }

    /// <summary>Number of query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Number of key/value heads; divides <see cref="Heads"/>.</summary>
    public required int KvHeads { get; init; }

    /// <summary>Width of one head; even. <c>Heads × HeadDim</c> need not equal <see cref="Dim"/>.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Width of the SwiGLU block (<c>intermediate_size</c>).</summary>
    public required int FeedForward { get; init; }

    /// <summary>Number of token ids.</summary>
    public required int Vocabulary { get; init; }

    public float RopeTheta { get; init; } = 10_000f;

    public float NormEpsilon { get; init; } = 1e-6f;

    /// <summary>Whether the output projection is the embedding table.</summary>
    public bool TieEmbeddings { get; init; } = true;

    /// <summary>Longest sequence, prompt and trace together (<c>max_position_embeddings</c>).</summary>
    public int MaxPositions { get; init; } = 1024;

    /// <summary>Width of all query heads together.</summary>
    public int QueryDim => Heads * HeadDim;

    /// <summary>Width of all key (or value) heads together.</summary>
    public int KeyValueDim => KvHeads * HeadDim;
}
