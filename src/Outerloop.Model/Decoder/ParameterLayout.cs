using System.Collections.Immutable;

namespace Outerloop.Model.Decoder;

/// <summary>One named tensor inside the flat parameter buffer; row-major.</summary>
/// <param name="Name">The Hugging Face name, for example <c>model.layers.0.self_attn.q_proj.weight</c>.</param>
/// <param name="Shape">[rows, columns] of a projection ([out, in]), or [width] of a norm.</param>
/// <param name="Offset">Index of the first element in the flat buffer.</param>
public sealed record TensorSlot(string Name, ImmutableArray<int> Shape, int Offset)
{
    public int Length { get; } = Shape.Aggregate(1, (product, extent) => checked(product * extent));

    public Range Range => Offset..(Offset + Length);
}

/// <summary>The tensors of one decoder layer, each [out, in] or [width].</summary>
public sealed record LayerSlots(
    TensorSlot InputNorm,
    TensorSlot Query,
    TensorSlot Key,
    TensorSlot Value,
    TensorSlot QueryNorm,
    TensorSlot KeyNorm,
    TensorSlot Output,
    TensorSlot PostAttentionNorm,
    TensorSlot Gate,
    TensorSlot Up,
    TensorSlot Down);

/// <summary>
/// Where each tensor of a model lies in one flat buffer. Parameters, gradients and the optimiser's moments share the
/// layout, so that AdamW, clipping and the reduction of gradients are loops over one array.
/// </summary>
public sealed class ParameterLayout
{
    public ParameterLayout(ModelConfig config)
    {
        Config = config;
        var slots = ImmutableArray.CreateBuilder<TensorSlot>();
        int next = 0;

        TensorSlot Add(string name, params int[] shape)
        {
            var slot = new TensorSlot(name, [.. shape], next);
            next = checked(next + slot.Length);
            slots.Add(slot);
            return slot;
        }

        LayerSlots AddLayer(int index)
        {
            string layer = $"model.layers.{index}.", attention = layer + "self_attn.", mlp = layer + "mlp.";
            return new LayerSlots(
                Add(layer + "input_layernorm.weight", config.Dim),
                Add(attention + "q_proj.weight", config.QueryDim, config.Dim),
                Add(attention + "k_proj.weight", config.KeyValueDim, config.Dim),
                Add(attention + "v_proj.weight", config.KeyValueDim, config.Dim),
                Add(attention + "q_norm.weight", config.HeadDim),
                Add(attention + "k_norm.weight", config.HeadDim),
                Add(attention + "o_proj.weight", config.Dim, config.QueryDim),
                Add(layer + "post_attention_layernorm.weight", config.Dim),
                Add(mlp + "gate_proj.weight", config.FeedForward, config.Dim),
                Add(mlp + "up_proj.weight", config.FeedForward, config.Dim),
                Add(mlp + "down_proj.weight", config.Dim, config.FeedForward));
        }

        Embedding = Add("model.embed_tokens.weight", config.Vocabulary, config.Dim);
        Layers = [.. Enumerable.Range(0, config.Layers).Select(AddLayer)];
        FinalNorm = Add("model.norm.weight", config.Dim);
        Head = config.TieEmbeddings ? Embedding : Add("lm_head.weight", config.Vocabulary, config.Dim);
        Slots = slots.ToImmutable();
        Length = next;
    }

    public ModelConfig Config { get; }

    /// <summary>All tensors in the order in which they lie in the buffer; a tied head appears once.</summary>
    public ImmutableArray<TensorSlot> Slots { get; }

    public TensorSlot Embedding { get; }

    public ImmutableArray<LayerSlots> Layers { get; }

    public TensorSlot FinalNorm { get; }

    /// <summary>The output projection [vocabulary, dim]; the embedding itself when tied.</summary>
    public TensorSlot Head { get; }

    /// <summary>Number of parameters.</summary>
    public int Length { get; }
}
