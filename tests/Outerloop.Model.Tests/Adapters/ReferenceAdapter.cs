using Outerloop.Model.Adapters;
using Outerloop.Model.Decoder;

namespace Outerloop.Model.Tests.Adapters;

/// <summary>
/// The scalar twin of an adapter, in double precision: s·B·A·dropout(x), its mask taken from the definition of
/// <see cref="Dropout"/> word by word.
/// </summary>
internal sealed class ReferenceAdapter(Adapter adapter, double[] values, ParameterLayout layout, ulong? dropoutKey)
{
    public double[]? Update(TensorSlot weight, double[] x, int position)
    {
        LowRankSlots? update = adapter.Layout.Updates.FirstOrDefault(
            candidate => candidate.Target.Projection.WeightIn(layout.Layers[candidate.Target.Layer]) == weight);
        if (update is null)
            return null;
        double[] dropped = dropoutKey is { } key
            ? Dropped(x, position, SplitMix64.Mix(key ^ SplitMix64.Mix((ulong)update.A.Offset + 1)), adapter.Dropout)
            : x;
        double[] reduced = Product(update.A, dropped);
        return [.. Product(update.B, reduced).Select(value => value * update.Target.Alpha / update.Target.Rank)];
    }

    public static double[] Dropped(double[] x, int position, ulong key, double rate) =>
        [.. x.Select((value, column) => IsKept(key, position, column, rate) ? value / (1 - rate) : 0)];

    private static bool IsKept(ulong key, int row, int column, double rate)
    {
        uint h = (uint)SplitMix64.Mix(key + (ulong)row) + ((uint)column * 0x9E3779B9);
        h ^= h >> 16;
        h *= 0x85EBCA6B;
        h ^= h >> 13;
        h *= 0xC2B2AE35;
        h ^= h >> 16;
        return h >= (uint)((float)rate * 4294967296.0);
    }

    private double[] Product(TensorSlot slot, double[] x) =>
    [
        .. Enumerable.Range(0, slot.Shape[0]).Select(row =>
            x.Select((value, column) => value * values[slot.Offset + (row * slot.Shape[1]) + column]).Sum()),
    ];
}
