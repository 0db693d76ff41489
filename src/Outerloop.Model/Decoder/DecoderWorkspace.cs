using Outerloop.Model.Adapters;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Decoder;

/// <summary>
/// The memory of one worker for passing one sequence at a time through the network, forward and backward. It grows to the
/// longest sequence seen and is used again for the next, so that a step allocates nothing. Nothing in it outlives a
/// sequence.
/// </summary>
internal sealed class DecoderWorkspace(ModelConfig config, bool training)
{
    private int _capacity;

    /// <summary>One per layer, and a last one of which only the input is used: what leaves the last layer.</summary>
    public LayerActivations[] Layers { get; } = [.. Enumerable.Range(0, config.Layers + 1).Select(_ => new LayerActivations())];

    /// <summary>For the adapters, where the model has some.</summary>
    public AdapterWorkspace Adapter { get; } = new();

    /// <summary>0, 1, 2, …: the position of each row of a sequence.</summary>
    public int[] Positions { get; private set; } = [];

    /// <summary>[tokens]</summary>
    public float[] TargetWeights { get; private set; } = [];

    /// <summary>[tokens]</summary>
    public float[] LogProbabilities { get; private set; } = [];

    /// <summary>A normalised residual stream [tokens, dim].</summary>
    public FloatBuffer Normal { get; private set; } = new(0);

    /// <summary>SwiGLU's output, or its gradient [tokens, feedForward].</summary>
    public FloatBuffer Hidden { get; private set; } = new(0);

    /// <summary>[tokens, vocabulary]</summary>
    public FloatBuffer Logits { get; private set; } = new(0);

    /// <summary>The final norm's output [tokens, dim].</summary>
    public FloatBuffer FinalNormal { get; private set; } = new(0);

    /// <summary>The final norm's factors [tokens].</summary>
    public FloatBuffer FinalInverse { get; private set; } = new(0);

    /// <summary>Gradient of the residual stream [tokens, dim].</summary>
    public FloatBuffer ResidualGradient { get; private set; } = new(0);

    /// <summary>Gradient of a norm's output [tokens, dim].</summary>
    public FloatBuffer NormalGradient { get; private set; } = new(0);

    /// <summary>Gradient of attention's output [tokens, queryDim].</summary>
    public FloatBuffer AttentionGradient { get; private set; } = new(0);

    /// <summary>Gradient of the rotated queries and keys [tokens, queryDim + keyValueDim].</summary>
    public FloatBuffer RotatedGradient { get; private set; } = new(0);

    public FloatBuffer AttentionScratch { get; private set; } = new(0);

    /// <summary>Makes room for a sequence of so many tokens.</summary>
    public void Reserve(int tokens)
    {
        if (tokens <= _capacity)
            return;
        _capacity = Math.Max(tokens, Math.Min(config.MaxPositions, _capacity + (_capacity / 2)));
        int n = _capacity;
        var shape = new AttentionShape(config.Heads, config.KvHeads, config.HeadDim);
        Positions = [.. Enumerable.Range(0, n)];
        TargetWeights = new float[n];
        LogProbabilities = new float[n];
        Normal = new(checked(n * config.Dim));
        Hidden = new(checked(n * config.FeedForward));
        Logits = new(checked(n * config.Vocabulary));
        FinalNormal = new(checked(n * config.Dim));
        FinalInverse = new(n);
        ResidualGradient = new(checked(n * config.Dim));
        NormalGradient = new(checked(n * config.Dim));
        AttentionGradient = new(checked(n * config.QueryDim));
        RotatedGradient = new(checked(n * (config.QueryDim + config.KeyValueDim)));
        AttentionScratch = new(training ? shape.BackwardScratch(n) : shape.ForwardScratch(n));
        foreach (LayerActivations layer in Layers)
            layer.Reserve(config, n, whole: layer != Layers[^1]);
    }
}

/// <summary>What a layer's forward pass leaves for its backward pass; the views of a sequence of n tokens.</summary>
internal sealed class LayerActivations
{
    /// <summary>The residual stream that enters the layer [n, dim].</summary>
    public FloatBuffer Input { get; private set; } = new(0);

    /// <summary>[n]</summary>
    public FloatBuffer InputInverse { get; private set; } = new(0);

    /// <summary>Queries, keys and values before their norm [n, queryDim + 2·keyValueDim].</summary>
    public FloatBuffer QueryKeyValue { get; private set; } = new(0);

    /// <summary>[n, heads]</summary>
    public FloatBuffer QueryInverse { get; private set; } = new(0);

    /// <summary>[n, kvHeads]</summary>
    public FloatBuffer KeyInverse { get; private set; } = new(0);

    /// <summary>Normalised and rotated queries and keys [n, queryDim + keyValueDim].</summary>
    public FloatBuffer Rotated { get; private set; } = new(0);

    /// <summary>[heads, n]</summary>
    public SoftmaxRow[] Softmax { get; private set; } = [];

    /// <summary>[n, queryDim]</summary>
    public FloatBuffer Attention { get; private set; } = new(0);

    /// <summary>The residual stream between attention and the feed-forward block [n, dim].</summary>
    public FloatBuffer Middle { get; private set; } = new(0);

    /// <summary>[n]</summary>
    public FloatBuffer MiddleInverse { get; private set; } = new(0);

    /// <summary>[n, 2·feedForward]</summary>
    public FloatBuffer GateUp { get; private set; } = new(0);

    public void Reserve(ModelConfig config, int n, bool whole)
    {
        Input = new(checked(n * config.Dim));
        if (!whole)
            return;
        InputInverse = new(n);
        QueryKeyValue = new(checked(n * (config.QueryDim + (2 * config.KeyValueDim))));
        QueryInverse = new(checked(n * config.Heads));
        KeyInverse = new(checked(n * config.KvHeads));
        Rotated = new(checked(n * (config.QueryDim + config.KeyValueDim)));
        Softmax = new SoftmaxRow[checked(config.Heads * n)];
        Attention = new(checked(n * config.QueryDim));
        Middle = new(checked(n * config.Dim));
        MiddleInverse = new(n);
        GateUp = new(checked(n * 2 * config.FeedForward));
    }
}
