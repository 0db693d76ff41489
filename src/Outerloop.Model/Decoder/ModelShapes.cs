using System.Collections.Immutable;

namespace Outerloop.Model.Decoder;

/// <summary>Shapes of published models, by name, to be measured without their weights.</summary>
public static class ModelShapes
{
    private static readonly ImmutableDictionary<string, ModelConfig> Shapes = ImmutableDictionary<string, ModelConfig>.Empty
        .Add("qwen3-0.6b", Qwen3(layers: 28, dim: 1024, heads: 16, feedForward: 3072));

    public static IEnumerable<string> Names => Shapes.Keys.Order(StringComparer.Ordinal);

    public static bool TryFind(string name, out ModelConfig? shape) => Shapes.TryGetValue(name, out shape);

    private static ModelConfig Qwen3(int layers, int dim, int heads, int feedForward) => new()
    {
        Layers = layers,
        Dim = dim,
        Heads = heads,
        KvHeads = 8,
        HeadDim = 128,
        FeedForward = feedForward,
        Vocabulary = 151_936,
        RopeTheta = 1_000_000,
        MaxPositions = 40_960,
    };
}
