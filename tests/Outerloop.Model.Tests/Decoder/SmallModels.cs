using Outerloop.Model.Decoder;

namespace Outerloop.Model.Tests.Decoder;

/// <summary>Models small enough for the reference, with weights large enough that nothing is near linear.</summary>
internal static class SmallModels
{
    public static ModelConfig Tied { get; } = new()
    {
        Layers = 2,
        Dim = 16,
        Heads = 4,
        KvHeads = 2,
        HeadDim = 8,
        FeedForward = 24,
        Vocabulary = 21,
        MaxPositions = 64,
    };

    /// <summary>Sizes that no vector ends at, one key/value head for all.</summary>
    public static ModelConfig Odd { get; } = new()
    {
        Layers = 3,
        Dim = 22,
        Heads = 3,
        KvHeads = 1,
        HeadDim = 6,
        FeedForward = 17,
        Vocabulary = 13,
        MaxPositions = 64,
        TieEmbeddings = false,
        RopeTheta = 100f,
    };

    /// <summary>Heads of a whole vector and of two panels' width.</summary>
    public static ModelConfig Wide { get; } = new()
    {
        Layers = 2,
        Dim = 32,
        Heads = 2,
        KvHeads = 2,
        HeadDim = 72,
        FeedForward = 80,
        Vocabulary = 70,
        MaxPositions = 64,
    };

    public static ModelConfig Named(string name) => name switch
    {
        nameof(Tied) => Tied,
        nameof(Odd) => Odd,
        _ => Wide,
    };

    public static Parameters Random(ModelConfig config, ulong seed)
    {
        Parameters parameters = Parameters.Random(config, seed);
        var random = new SplitMix64(seed + 1);
        foreach (TensorSlot slot in parameters.Layout.Slots)
        {
            foreach (ref float value in parameters[slot])
                value = slot.Shape.Length == 1 ? 1 + (0.3f * random.NextNormal()) : 0.3f * random.NextNormal();
        }

        return parameters;
    }

    public static int[] Tokens(ModelConfig config, int length, ulong seed)
    {
        var random = new SplitMix64(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(config.Vocabulary))];
    }
}
