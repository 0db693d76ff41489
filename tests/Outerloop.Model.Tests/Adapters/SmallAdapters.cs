using Outerloop.Model.Adapters;
using Outerloop.Model.Decoder;

namespace Outerloop.Model.Tests.Adapters;

/// <summary>Adapters whose B is not zero, so that a mistake anywhere shows.</summary>
internal static class SmallAdapters
{
    public static Adapter Random(ModelConfig config, LoraOptions options, ulong seed)
    {
        Adapter adapter = Adapter.Fresh(config, options, seed);
        var random = new SplitMix64(seed + 1);
        foreach (ref float value in adapter.Values.AsSpan())
            value = 0.2f * random.NextNormal();
        return adapter;
    }
}
