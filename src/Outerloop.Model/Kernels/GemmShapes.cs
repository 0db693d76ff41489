using System.Runtime.CompilerServices;

namespace Outerloop.Model.Kernels;

internal unsafe struct OneColumns<TSimd, TVector> : IColumns<OneColumns<TSimd, TVector>, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private TVector _a;

    public static int Vectors => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneColumns<TSimd, TVector> Load(float* source)
    {
        OneColumns<TSimd, TVector> value;
        value._a = TSimd.Load(source);
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, OneColumns<TSimd, TVector> value)
    {
        TSimd.Store(target, value._a);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneColumns<TSimd, TVector> MultiplyAdd(
        TVector x, OneColumns<TSimd, TVector> b, OneColumns<TSimd, TVector> sum)
    {
        sum._a = TSimd.MultiplyAdd(x, b._a, sum._a);
        return sum;
    }
}

internal unsafe struct TwoColumns<TSimd, TVector> : IColumns<TwoColumns<TSimd, TVector>, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private TVector _a, _b;

    public static int Vectors => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoColumns<TSimd, TVector> Load(float* source)
    {
        TwoColumns<TSimd, TVector> value;
        value._a = TSimd.Load(source);
        value._b = TSimd.Load(source + TSimd.Width);
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, TwoColumns<TSimd, TVector> value)
    {
        TSimd.Store(target, value._a);
        TSimd.Store(target + TSimd.Width, value._b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoColumns<TSimd, TVector> MultiplyAdd(
        TVector x, TwoColumns<TSimd, TVector> b, TwoColumns<TSimd, TVector> sum)
    {
        sum._a = TSimd.MultiplyAdd(x, b._a, sum._a);
        sum._b = TSimd.MultiplyAdd(x, b._b, sum._b);
        return sum;
    }
}

internal unsafe struct ThreeColumns<TSimd, TVector> : IColumns<ThreeColumns<TSimd, TVector>, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private TVector _a, _b, _c;

    public static int Vectors => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ThreeColumns<TSimd, TVector> Load(float* source)
    {
        ThreeColumns<TSimd, TVector> value;
        value._a = TSimd.Load(source);
        value._b = TSimd.Load(source + TSimd.Width);
        value._c = TSimd.Load(source + (2 * TSimd.Width));
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, ThreeColumns<TSimd, TVector> value)
    {
        TSimd.Store(target, value._a);
        TSimd.Store(target + TSimd.Width, value._b);
        TSimd.Store(target + (2 * TSimd.Width), value._c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ThreeColumns<TSimd, TVector> MultiplyAdd(
        TVector x, ThreeColumns<TSimd, TVector> b, ThreeColumns<TSimd, TVector> sum)
    {
        sum._a = TSimd.MultiplyAdd(x, b._a, sum._a);
        sum._b = TSimd.MultiplyAdd(x, b._b, sum._b);
        sum._c = TSimd.MultiplyAdd(x, b._c, sum._c);
        return sum;
    }
}

internal unsafe struct FourColumns<TSimd, TVector> : IColumns<FourColumns<TSimd, TVector>, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private TVector _a, _b, _c, _d;

    public static int Vectors => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourColumns<TSimd, TVector> Load(float* source)
    {
        FourColumns<TSimd, TVector> value;
        value._a = TSimd.Load(source);
        value._b = TSimd.Load(source + TSimd.Width);
        value._c = TSimd.Load(source + (2 * TSimd.Width));
        value._d = TSimd.Load(source + (3 * TSimd.Width));
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, FourColumns<TSimd, TVector> value)
    {
        TSimd.Store(target, value._a);
        TSimd.Store(target + TSimd.Width, value._b);
        TSimd.Store(target + (2 * TSimd.Width), value._c);
        TSimd.Store(target + (3 * TSimd.Width), value._d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourColumns<TSimd, TVector> MultiplyAdd(
        TVector x, FourColumns<TSimd, TVector> b, FourColumns<TSimd, TVector> sum)
    {
        sum._a = TSimd.MultiplyAdd(x, b._a, sum._a);
        sum._b = TSimd.MultiplyAdd(x, b._b, sum._b);
        sum._c = TSimd.MultiplyAdd(x, b._c, sum._c);
        sum._d = TSimd.MultiplyAdd(x, b._d, sum._d);
        return sum;
    }
}

internal readonly struct OneRow : IRows
{
    public static int Count => 1;
}

internal readonly struct TwoRows : IRows
{
    public static int Count => 2;
}

internal readonly struct ThreeRows : IRows
{
    public static int Count => 3;
}

internal readonly struct FourRows : IRows
{
    public static int Count => 4;
}

internal readonly struct FiveRows : IRows
{
    public static int Count => 5;
}

internal readonly struct SixRows : IRows
{
    public static int Count => 6;
}
