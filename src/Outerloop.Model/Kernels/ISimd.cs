namespace Outerloop.Model.Kernels;

/// <summary>
/// What a kernel needs of a vector of floats, so that one source serves every tier: <typeparamref name="TVector"/> is
/// <c>Vector512&lt;float&gt;</c>, <c>Vector256&lt;float&gt;</c> or a single <c>float</c>. Kernels are generic over an
/// implementation; the JIT specialises and inlines them, so nothing of the abstraction is left at run time.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
internal unsafe interface ISimd<TVector>
    where TVector : struct
{
    /// <summary>Number of floats in a vector.</summary>
    static abstract int Width { get; }

    static abstract TVector Load(float* source);

    /// <summary>The first <paramref name="count"/> floats, 0 &lt; count &lt; <see cref="Width"/>, and −∞ in place of the others.</summary>
    static abstract TVector LoadFirst(float* source, int count);

    /// <summary>As many bfloat16, widened.</summary>
    static abstract TVector LoadBFloat16(ushort* source);

    static abstract void Store(float* target, TVector value);

    static abstract TVector Broadcast(float value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract TVector Max(TVector a, TVector b);

    static abstract TVector Min(TVector a, TVector b);

    static abstract TVector Abs(TVector a);

    static abstract TVector Sqrt(TVector a);

    /// <summary>
    /// value · 2^n, where <paramref name="shifted"/> is the float n + 1.5·2²³, whose low bits are the integer n; the result
    /// must be a normal number.
    /// </summary>
    static abstract TVector ScaleByPowerOfTwo(TVector value, TVector shifted);

    /// <summary><paramref name="value"/> where <paramref name="a"/> ≥ <paramref name="b"/>, else 0.</summary>
    static abstract TVector ZeroWhereLess(TVector a, TVector b, TVector value);

    /// <summary>The sum of the floats of a vector.</summary>
    static abstract float Sum(TVector a);

    /// <summary>The largest float of a vector.</summary>
    static abstract float Largest(TVector a);
}
