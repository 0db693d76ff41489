using System.Collections.Immutable;
using Outerloop.Model.Decoder;

namespace Outerloop.Model.Adapters;

/// <summary>The linear maps of a decoder layer that an adapter can change.</summary>
public enum Projection
{
    Query,
    Key,
    Value,
    Output,
    Gate,
    Up,
    Down,
}

/// <summary>What each projection is called, and where its weight lies.</summary>
public static class Projections
{
    /// <summary>In the order in which a layer's tensors are stored.</summary>
    public static ImmutableArray<Projection> All { get; } = [.. Enum.GetValues<Projection>()];

    /// <summary>The last part of its module's name in Hugging Face models, for example <c>q_proj</c>.</summary>
    public static string Name(this Projection projection) => projection switch
    {
        Projection.Query => "q_proj",
        Projection.Key => "k_proj",
        Projection.Value => "v_proj",
        Projection.Output => "o_proj",
        Projection.Gate => "gate_proj",
        Projection.Up => "up_proj",
        _ => "down_proj",
    };

    /// <summary>The module's whole name in a layer, for example <c>model.layers.0.self_attn.q_proj</c>.</summary>
    public static string Module(this Projection projection, int layer) =>
        $"model.layers.{layer}.{(projection >= Projection.Gate ? "mlp" : "self_attn")}.{projection.Name()}";

    /// <summary>The weight [out, in] that it adapts.</summary>
    public static TensorSlot WeightIn(this Projection projection, LayerSlots layer) => projection switch
    {
        Projection.Query => layer.Query,
        Projection.Key => layer.Key,
        Projection.Value => layer.Value,
        Projection.Output => layer.Output,
        Projection.Gate => layer.Gate,
        Projection.Up => layer.Up,
        _ => layer.Down,
    };
}
