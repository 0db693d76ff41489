using System.Runtime.CompilerServices;

namespace Outerloop.Model.Kernels;

/// <summary>
/// What Qwen3 does to queries and keys: RMSNorm of each head with one weight for all heads, then the rotation of the pairs
/// (i, i + headDim/2): y = x·r·w; out[i] = y[i]·cos − y[i+half]·sin; out[i+half] = y[i+half]·cos + y[i]·sin.
/// </summary>
internal static unsafe class HeadNormRotary<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <param name="x">[tokens, heads·headDim]</param>
    /// <param name="weight">[headDim]</param>
    /// <param name="epsilon">ε of the norm.</param>
    /// <param name="table">Angles.</param>
    /// <param name="positions">[tokens], the position of each row.</param>
    /// <param name="y">[tokens, heads·headDim]; may be <paramref name="x"/>.</param>
    /// <param name="inverse">[tokens, heads], receives r for the backward pass.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(
        MatrixView x, float* weight, float epsilon, RotaryTable table, ReadOnlySpan<int> positions, MatrixView y, float* inverse)
    {
        int headDim = table.HeadDim, half = headDim / 2, heads = x.Columns / headDim;
        for (int row = 0; row < x.Rows; row++)
        {
            for (int head = 0; head < heads; head++)
                inverse[(row * heads) + head] = RmsNorm<TSimd, TVector>.SumOfSquares(x.Row(row) + (head * headDim), headDim);
        }

        RmsNorm<TSimd, TVector>.Inverses(inverse, x.Rows * heads, headDim, epsilon);
        for (int row = 0; row < x.Rows; row++)
        {
            float* cosine = table.Cosine(positions[row]), sine = table.Sine(positions[row]);
            for (int head = 0; head < heads; head++)
            {
                float* from = x.Row(row) + (head * headDim), to = y.Row(row) + (head * headDim);
                float r = inverse[(row * heads) + head];
                int i = 0;
                for (; i + TSimd.Width <= half; i += TSimd.Width)
                    Rotate<TSimd, TVector>(from + i, weight + i, cosine + i, sine + i, to + i, half, r);
                for (; i < half; i++)
                    Rotate<SimdScalar, float>(from + i, weight + i, cosine + i, sine + i, to + i, half, r);
            }
        }
    }

    /// <summary>The rotation turned back, then the gradient of the norm; as in <see cref="RmsNorm{TSimd,TVector}"/>.</summary>
    /// <param name="dy">[tokens, heads·headDim]; destroyed.</param>
    /// <param name="x">[tokens, heads·headDim], the input of the forward pass.</param>
    /// <param name="weight">[headDim]</param>
    /// <param name="table">Angles.</param>
    /// <param name="positions">[tokens], the position of each row.</param>
    /// <param name="inverse">[tokens, heads] of the forward pass.</param>
    /// <param name="dx">[tokens, heads·headDim], overwritten; may be <paramref name="x"/>.</param>
    /// <param name="dweight">[headDim], added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(
        MatrixView dy, MatrixView x, float* weight, RotaryTable table, ReadOnlySpan<int> positions, float* inverse,
        MatrixView dx, float* dweight)
    {
        int headDim = table.HeadDim, half = headDim / 2, heads = x.Columns / headDim;
        for (int row = 0; row < x.Rows; row++)
        {
            float* cosine = table.Cosine(positions[row]), sine = table.Sine(positions[row]);
            for (int head = 0; head < heads; head++)
            {
                float* gradient = dy.Row(row) + (head * headDim);
                int i = 0;
                for (; i + TSimd.Width <= half; i += TSimd.Width)
                    RotateBack<TSimd, TVector>(gradient + i, cosine + i, sine + i, half);
                for (; i < half; i++)
                    RotateBack<SimdScalar, float>(gradient + i, cosine + i, sine + i, half);

                float* from = x.Row(row) + (head * headDim), to = dx.Row(row) + (head * headDim);
                float r = inverse[(row * heads) + head];
                float along = -RmsNorm<TSimd, TVector>.WeightedDot(gradient, from, weight, headDim) * r * r * r / headDim;
                i = 0;
                for (; i + TSimd.Width <= headDim; i += TSimd.Width)
                    Denormalise<TSimd, TVector>(gradient + i, from + i, weight + i, dweight + i, to + i, r, along);
                for (; i < headDim; i++)
                    Denormalise<SimdScalar, float>(gradient + i, from + i, weight + i, dweight + i, to + i, r, along);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rotate<TS, TV>(float* x, float* weight, float* cosine, float* sine, float* y, int half, float r)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        TV scale = TS.Broadcast(r), c = TS.Load(cosine), s = TS.Load(sine);
        TV low = TS.Multiply(TS.Multiply(TS.Load(x), scale), TS.Load(weight));
        TV high = TS.Multiply(TS.Multiply(TS.Load(x + half), scale), TS.Load(weight + half));
        TS.Store(y, TS.Subtract(TS.Multiply(low, c), TS.Multiply(high, s)));
        TS.Store(y + half, TS.MultiplyAdd(high, c, TS.Multiply(low, s)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RotateBack<TS, TV>(float* dy, float* cosine, float* sine, int half)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        TV low = TS.Load(dy), high = TS.Load(dy + half), c = TS.Load(cosine), s = TS.Load(sine);
        TS.Store(dy, TS.MultiplyAdd(low, c, TS.Multiply(high, s)));
        TS.Store(dy + half, TS.Subtract(TS.Multiply(high, c), TS.Multiply(low, s)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Denormalise<TS, TV>(
        float* dy, float* x, float* weight, float* dweight, float* dx, float r, float along)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        TV g = TS.Load(dy), value = TS.Load(x), scale = TS.Broadcast(r);
        TS.Store(dweight, TS.MultiplyAdd(g, TS.Multiply(value, scale), TS.Load(dweight)));
        TV direct = TS.Multiply(TS.Multiply(g, TS.Load(weight)), scale);
        TS.Store(dx, TS.MultiplyAdd(value, TS.Broadcast(along), direct));
    }
}
