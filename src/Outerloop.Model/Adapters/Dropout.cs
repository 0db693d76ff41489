using System.Numerics;
using System.Runtime.InteropServices;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Adapters;

/// <summary>
/// Dropout (Srivastava et al., 2014) whose mask is a function of a key, the row and the column: the backward pass makes it
/// again, and neither threads nor tiers can change it. Element (r, c) is kept where
/// fmix32(c·φ + k_r) ≥ rate·2³², with φ the golden ratio's 32 bits, k_r = (uint)Mix(key + r) and fmix32 MurmurHash3's
/// finaliser; a kept one is multiplied by 1/(1 − rate).
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct Dropout(ulong key, float rate)
{
    private const uint Golden = 0x9E3779B9;

    private readonly uint _threshold = (uint)((double)rate * (1UL << 32));
    private readonly float _scale = (float)(1 / (1 - (double)rate));

    /// <summary>y = dropout(x), or y += dropout(x); all [rows, columns].</summary>
    public void Apply(MatrixView x, MatrixView y, bool accumulate = false)
    {
        MatrixView.Check(x.Rows == y.Rows && x.Columns == y.Columns, $"dropout of [{x.Rows}, {x.Columns}] is not [{y.Rows}, {y.Columns}]");
        for (int row = 0; row < x.Rows; row++)
        {
            uint start = (uint)SplitMix64.Mix(key + (ulong)row);
            float* from = x.Row(row), to = y.Row(row);
            int i = 0;
            for (; i + Vector<float>.Count <= x.Columns; i += Vector<float>.Count)
            {
                Vector<float> value = Kept(start + ((uint)i * Golden), Vector.Load(from + i));
                Vector.Store(accumulate ? Vector.Load(to + i) + value : value, to + i);
            }

            for (; i < x.Columns; i++)
            {
                float value = IsKept(start + ((uint)i * Golden)) ? from[i] * _scale : 0;
                to[i] = accumulate ? to[i] + value : value;
            }
        }
    }

    /// <summary>Whether an element whose hash is taken of <paramref name="h"/> is kept.</summary>
    private bool IsKept(uint h)
    {
        h = (h ^ (h >> 16)) * 0x85EBCA6B;
        h = (h ^ (h >> 13)) * 0xC2B2AE35;
        return (h ^ (h >> 16)) >= _threshold;
    }

    private Vector<float> Kept(uint first, Vector<float> values)
    {
        Vector<uint> h = new Vector<uint>(first) + (Vector<uint>.Indices * Golden);
        h = (h ^ (h >> 16)) * 0x85EBCA6B;
        h = (h ^ (h >> 13)) * 0xC2B2AE35;
        h ^= h >> 16;
        Vector<uint> kept = Vector.GreaterThanOrEqual(h, new Vector<uint>(_threshold));
        return Vector.ConditionalSelect(Vector.AsVectorInt32(kept), values * _scale, Vector<float>.Zero);
    }
}
