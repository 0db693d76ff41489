using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Sampling;

/// <summary>
/// Keys and values of consecutive positions, for all layers, in bfloat16. A key/value head of a layer holds its keys as
/// [time/16][headDim][16], so that the scores of 16 positions are one product without horizontal sums, and its values as
/// [time][<see cref="ValueStride"/>], row by row. Grows as the sequence does.
/// </summary>
internal sealed unsafe class KeyValueCache
{
    /// <summary>Positions whose keys lie side by side.</summary>
    public const int TimeBlock = 16;

    private readonly int _headDim, _heads, _panels, _maxPositions;
    private FloatBuffer _keys, _values;

    public KeyValueCache(ModelConfig config, int capacity)
    {
        _headDim = config.HeadDim;
        _heads = config.KvHeads;
        _panels = config.Layers * config.KvHeads;
        _maxPositions = config.MaxPositions;
        ValueStride = StrideOf(config);
        (_keys, _values) = Allocate(capacity);
    }

    /// <summary>Positions that there is room for; a multiple of <see cref="TimeBlock"/>.</summary>
    public int Capacity { get; private set; }

    /// <summary>Elements from one position's value to the next: the head's width, rounded up to a multiple of 16.</summary>
    public int ValueStride { get; }

    public static int StrideOf(ModelConfig config) =>
        (config.HeadDim + PackedMatrix.ColumnGranule - 1) / PackedMatrix.ColumnGranule * PackedMatrix.ColumnGranule;

    /// <summary>[time/16][headDim][16]</summary>
    public ushort* Keys(int layer, int head) => (ushort*)_keys.Data + ((nint)((layer * _heads) + head) * Capacity * _headDim);

    /// <summary>[time][ValueStride]</summary>
    public ushort* Values(int layer, int head) => (ushort*)_values.Data + ((nint)((layer * _heads) + head) * Capacity * ValueStride);

    /// <param name="layer">Of the decoder.</param>
    /// <param name="head">The key/value head.</param>
    /// <param name="index">Less than <see cref="Capacity"/>.</param>
    /// <param name="key">[headDim]</param>
    /// <param name="value">[headDim]</param>
    public void Write(int layer, int head, int index, float* key, float* value)
    {
        ushort* row = Values(layer, head) + ((nint)index * ValueStride);
        // The key passes through the value's row, there to be rounded at once.
        BFloat16.Round(key, row, _headDim);
        ushort* target = Keys(layer, head) + ((nint)(index / TimeBlock) * _headDim * TimeBlock) + (index % TimeBlock);
        for (int i = 0; i < _headDim; i++)
            target[i * TimeBlock] = row[i];
        BFloat16.Round(value, row, _headDim);
    }

    /// <summary>Makes room for <paramref name="length"/> positions and keeps the first <paramref name="used"/>.</summary>
    public void EnsureCapacity(int length, int used)
    {
        if (length <= Capacity)
            return;
        (FloatBuffer oldKeys, FloatBuffer oldValues, int oldCapacity) = (_keys, _values, Capacity);
        (_keys, _values) = Allocate(Math.Max(length, Math.Min(_maxPositions, Capacity + (Capacity / 2))));
        int blocks = (used + TimeBlock - 1) / TimeBlock;
        for (int panel = 0; panel < _panels; panel++)
        {
            Copy(oldKeys, oldCapacity, _keys, panel, _headDim, blocks * TimeBlock);
            Copy(oldValues, oldCapacity, _values, panel, ValueStride, used);
        }
    }

    private (FloatBuffer Keys, FloatBuffer Values) Allocate(int capacity)
    {
        Capacity = Math.Max(1, (capacity + TimeBlock - 1) / TimeBlock) * TimeBlock;
        // Two elements have the place of a float.
        FloatBuffer Elements(int width) => new(checked(_panels * (Capacity / 2) * width));
        return (Elements(_headDim), Elements(ValueStride));
    }

    private void Copy(FloatBuffer source, int sourceCapacity, FloatBuffer target, int panel, int width, int length)
    {
        ushort* from = (ushort*)source.Data + ((nint)panel * sourceCapacity * width);
        ushort* to = (ushort*)target.Data + ((nint)panel * Capacity * width);
        long bytes = (long)length * width * sizeof(ushort);
        Buffer.MemoryCopy(from, to, bytes, bytes);
    }
}
