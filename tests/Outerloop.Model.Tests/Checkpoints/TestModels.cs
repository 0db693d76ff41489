using Outerloop.Model.Decoder;

namespace Outerloop.Model.Tests.Checkpoints;

/// <summary>Shapes small enough for a test to run in no time.</summary>
internal static class TestModels
{
    public static ModelConfig Tiny { get; } = new()
    {
        Layers = 2,
        Dim = 20,
        Heads = 4,
        KvHeads = 2,
        HeadDim = 6,
        FeedForward = 28,
        Vocabulary = 23,
        MaxPositions = 96,
    };

    /// <summary>
    /// Random weights with matrices wide enough that the logits spread over several units, so that a mistake anywhere
    /// in the network shows.
    /// </summary>
    public static Parameters Lively(ModelConfig config, ulong seed)
    {
        Parameters parameters = Parameters.Random(config, seed);
        var random = new SplitMix64(seed + 1);
        foreach (TensorSlot slot in parameters.Layout.Slots)
        {
            foreach (ref float value in parameters[slot])
                value = slot.Shape.Length == 1 ? 1 + (0.3f * random.NextNormal()) : value * 12;
        }

        return parameters;
    }
}
