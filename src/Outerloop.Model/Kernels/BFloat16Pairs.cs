using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Outerloop.Model.Kernels;

/// <summary>
/// Matrices of bf16 (the upper half of a float) as products read them: an element is a pair of neighbours along the summed
/// index, the earlier one in the low half of 32 bits. Rounding goes to the nearest, to the even one between two.
/// </summary>
internal static unsafe class BFloat16Pairs
{
    private const uint QuietBit = 0x0040_0000, HighHalf = 0xFFFF_0000;

    /// <summary>The nearest bf16, as a float.</summary>
    public static float Round(float value) => BFloat16.Widen(BFloat16.Round(value));

    /// <summary>A row of floats as pairs: target[i] = (source[2i], source[2i + 1]), with zeros from <paramref name="count"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackRow(float* source, int count, uint* target, int pairs)
    {
        int i = 0;
        for (; i + 32 <= count; i += 32)
        {
            Vector512.Narrow(RoundBits(Vector512.Load(source + i)) >> 16, RoundBits(Vector512.Load(source + i + 16)) >> 16)
                .AsUInt32().Store(target + (i / 2));
        }

        if (i + 16 <= count)
        {
            Vector512<uint> upper = RoundBits(Vector512.Load(source + i)) >> 16;
            Vector256.Narrow(upper.GetLower(), upper.GetUpper()).AsUInt32().Store(target + (i / 2));
            i += 16;
        }

        for (; i + 2 <= count; i += 2)
            target[i / 2] = Pair(source[i], source[i + 1]);
        if (i < count)
            target[i / 2] = Pair(source[i], 0);
        int filled = (count + 1) / 2;
        new Span<uint>(target + filled, pairs - filled).Clear();
    }

    /// <summary>
    /// Pairs of rows: target[p·width + c] = (source[2p, c], source[2p + 1, c]) for <paramref name="pairs"/> rows of
    /// <paramref name="width"/>, zeros where the source ends.
    /// </summary>
    public static void PackRows(MatrixView source, uint* target, int width, int pairs)
    {
        float* zeros = stackalloc float[source.Rows % 2 == 0 ? 0 : source.Columns];
        new Span<float>(zeros, source.Rows % 2 == 0 ? 0 : source.Columns).Clear();
        for (int pair = 0; pair < pairs; pair++, target += width)
        {
            int row = 2 * pair, count = row < source.Rows ? source.Columns : 0;
            if (count > 0)
                Interleave(source.Row(row), row + 1 < source.Rows ? source.Row(row + 1) : zeros, count, target);
            new Span<uint>(target + count, width - count).Clear();
        }
    }

    /// <summary>Two rows as one of pairs: target[i] = (first[i], second[i]).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Interleave(float* first, float* second, int count, uint* target)
    {
        int i = 0;
        for (; i + 16 <= count; i += 16)
        {
            Vector512<uint> low = RoundBits(Vector512.Load(first + i)), high = RoundBits(Vector512.Load(second + i));
            ((low >> 16) | (high & Vector512.Create(HighHalf))).Store(target + i);
        }

        for (; i < count; i++)
            target[i] = Pair(first[i], second[i]);
    }

    private static uint Pair(float low, float high) => BFloat16.Round(low) | ((uint)BFloat16.Round(high) << 16);

    /// <summary>The bits whose upper half is <see cref="BFloat16.Round(float)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> RoundBits(Vector512<float> value)
    {
        Vector512<uint> bits = value.AsUInt32();
        Vector512<uint> nearest = bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512<uint>.One);
        return Vector512.ConditionalSelect(Vector512.Equals(value, value).AsUInt32(), nearest, bits | Vector512.Create(QuietBit));
    }
}
