using System.Runtime.CompilerServices;

namespace Outerloop.Model.Kernels;

/// <summary>Functions of a whole vector, the same bits in every tier.</summary>
internal static class SimdMath
{
    /// <summary>Below this, <see cref="Exp"/> is 0: e^-40 ≈ 4e-18 is nothing beside 1, and its products stay clear of the denormals.</summary>
    public const float SmallestExponent = -40f;

    /// <summary>Above this, <see cref="Exp"/> stays at e^88 ≈ 1.7e38.</summary>
    public const float LargestExponent = 88f;

    /// <summary>1.5·2²³: adding it to a small float leaves the nearest integer in the low bits.</summary>
    private const float RoundingShift = 12_582_912f;

    /// <summary>e^x with a relative error under 2e-7 between the two limits above, 0 below the lower one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        ExpUpTo88<TSimd, TVector>(TSimd.Min(x, TSimd.Broadcast(LargestExponent)));

    /// <summary>
    /// <see cref="Exp"/> of what is known to be at most 88.
    /// x = n·ln 2 + r with |r| ≤ ln 2 / 2, and e^x = 2^n·e^r with the Taylor polynomial of degree 7 for e^r.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpUpTo88<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector shift = TSimd.Broadcast(RoundingShift);
        TVector shifted = TSimd.MultiplyAdd(x, TSimd.Broadcast(1.44269504f), shift);
        TVector n = TSimd.Subtract(shifted, shift);
        // ln 2 in two parts; the first has trailing zeros, so that n times it is exact.
        TVector r = TSimd.MultiplyAdd(n, TSimd.Broadcast(-0.693359375f), x);
        r = TSimd.MultiplyAdd(n, TSimd.Broadcast(2.12194440e-4f), r);
        TVector e = TSimd.Broadcast(1f / 5040);
        e = TSimd.MultiplyAdd(e, r, TSimd.Broadcast(1f / 720));
        e = TSimd.MultiplyAdd(e, r, TSimd.Broadcast(1f / 120));
        e = TSimd.MultiplyAdd(e, r, TSimd.Broadcast(1f / 24));
        e = TSimd.MultiplyAdd(e, r, TSimd.Broadcast(1f / 6));
        e = TSimd.MultiplyAdd(e, r, TSimd.Broadcast(0.5f));
        e = TSimd.MultiplyAdd(e, r, TSimd.Broadcast(1f));
        e = TSimd.MultiplyAdd(e, r, TSimd.Broadcast(1f));
        // Far below the limit the above is nonsense, and replaced.
        return TSimd.ZeroWhereLess(x, TSimd.Broadcast(SmallestExponent), TSimd.ScaleByPowerOfTwo(e, shifted));
    }

    /// <summary>1 / (1 + e^-x); stays a normal number for every x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector one = TSimd.Broadcast(1f);
        TVector negative = TSimd.Min(TSimd.Subtract(TSimd.Broadcast(0f), x), TSimd.Broadcast(-SmallestExponent));
        return TSimd.Divide(one, TSimd.Add(one, ExpUpTo88<TSimd, TVector>(negative)));
    }
}
