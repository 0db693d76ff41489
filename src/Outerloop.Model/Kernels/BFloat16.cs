using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Outerloop.Model.Kernels;

/// <summary>
/// bfloat16, the upper half of a float: 8 bits of exponent, 8 of precision. Widening is exact; rounding goes to the
/// nearest, to the even one between two, and leaves what is not a number not a number.
/// </summary>
internal static unsafe class BFloat16
{
    private const uint Infinity = 0x7F80_0000, Magnitude = 0x7FFF_FFFF, QuietBit = 0x40;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Widen(ushort value) => BitConverter.UInt32BitsToSingle((uint)value << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Round(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (bits & Magnitude) > Infinity
            ? (ushort)((bits >> 16) | QuietBit)
            : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>Rounds <paramref name="count"/> floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Round(float* source, ushort* target, int count)
    {
        int i = 0;
        for (; i + 16 <= count; i += 16)
            Vector256.Narrow(Rounded(source + i), Rounded(source + i + 8)).Store(target + i);
        for (; i < count; i++)
            target[i] = Round(source[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Rounded(float* source)
    {
        Vector256<uint> bits = Vector256.Load(source).AsUInt32();
        Vector256<uint> nearest = (bits + Vector256.Create(0x7FFFu) + ((bits >> 16) & Vector256<uint>.One)) >> 16;
        Vector256<uint> quiet = (bits >> 16) | Vector256.Create(QuietBit);
        return Vector256.ConditionalSelect(
            Vector256.GreaterThan(bits & Vector256.Create(Magnitude), Vector256.Create(Infinity)), quiet, nearest);
    }
}
