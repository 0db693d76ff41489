using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Sampling;

/// <summary>
/// Keys and values of one sequence, for all layers. A key/value head of a layer holds its keys as
/// [time/64][headDim][64], so that 64 scores are one matrix product without horizontal sums, and its values as
/// [time][ValueStride], row by row. Grows as the sequence does.
/// </summary>
internal sealed unsafe class KeyValueCache
{
    /// <summary>Positions whose keys lie side by side.</summary>
    public const int TimeBlock = 64;

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

    /// <summary>Floats from one position's value to the next: the head's width, rounded up to a multiple of 16.</summary>
    public int ValueStride { get; }

    public static int StrideOf(ModelConfig config) =>
        (config.HeadDim + PackedMatrix.ColumnGranule - 1) / PackedMatrix.ColumnGranule * PackedMatrix.ColumnGranule;

    /// <summary>[time/64][headDim][64]</summary>
    public float* Keys(int layer, int head) => _keys.Data + ((nint)((layer * _heads) + head) * Capacity * _headDim);

    /// <summary>[time][ValueStride]</summary>
    public float* Values(int layer, int head) => _values.Data + ((nint)((layer * _heads) + head) * Capacity * ValueStride);

    /// <param name="layer">Of the decoder.</param>
    /// <param name="head">The key/value head.</param>
    /// <param name="position">Less than <see cref="Capacity"/>.</param>
    /// <param name="key">[headDim]</param>
    /// <param name="value">[headDim]</param>
    public void Write(int layer, int head, int position, float* key, float* value)
    {
        float* target = Keys(layer, head) + ((nint)(position / TimeBlock) * _headDim * TimeBlock) + (position % TimeBlock);
        for (int i = 0; i < _headDim; i++)
            target[i * TimeBlock] = key[i];
        new ReadOnlySpan<float>(value, _headDim).CopyTo(
            new Span<float>(Values(layer, head) + ((nint)position * ValueStride), _headDim));
    }

    /// <summary>Makes room for <paramref name="length"/> positions and keeps the first <paramref name="used"/>.</summary>
    public void EnsureCapacity(int length, int used)
    {
        if (length <= Capacity)
            return;
        (FloatBuffer oldKeys, FloatBuffer oldValues, int oldCapacity) = (_keys, _values, Capacity);
        (_keys, _values) = Allocate(Math.Max(length, Math.Min(_maxPositions, Capacity + (Capacity / 2))));
        CopyPanels(oldKeys, oldValues, oldCapacity, used);
    }

    /// <summary>Takes over the first <paramref name="length"/> positions of another sequence.</summary>
    public void CopyFrom(KeyValueCache other, int length)
    {
        EnsureCapacity(length, used: 0);
        CopyPanels(other._keys, other._values, other.Capacity, length);
    }

    private (FloatBuffer Keys, FloatBuffer Values) Allocate(int capacity)
    {
        Capacity = Math.Max(1, (capacity + TimeBlock - 1) / TimeBlock) * TimeBlock;
        return (new FloatBuffer(checked(_panels * Capacity * _headDim)), new FloatBuffer(checked(_panels * Capacity * ValueStride)));
    }

    private void CopyPanels(FloatBuffer keys, FloatBuffer values, int capacity, int length)
    {
        long keyFloats = (long)((length + TimeBlock - 1) / TimeBlock) * TimeBlock * _headDim;
        long valueFloats = (long)length * ValueStride;
        for (int panel = 0; panel < _panels; panel++)
        {
            Copy(keys.Data + ((nint)panel * capacity * _headDim), _keys.Data + ((nint)panel * Capacity * _headDim), keyFloats);
            Copy(values.Data + ((nint)panel * capacity * ValueStride), _values.Data + ((nint)panel * Capacity * ValueStride), valueFloats);
        }
    }

    private static void Copy(float* source, float* target, long floats) =>
        Buffer.MemoryCopy(source, target, floats * sizeof(float), floats * sizeof(float));
}
