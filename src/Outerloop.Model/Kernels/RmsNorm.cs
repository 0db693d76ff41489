using System.Runtime.CompilerServices;

namespace Outerloop.Model.Kernels;

/// <summary>
/// Root-mean-square normalisation of rows (Zhang and Sennrich, 2019): y = x·r·w with r = 1/√(mean(x²) + ε).
/// </summary>
internal static unsafe class RmsNorm<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <param name="x">[rows, width]</param>
    /// <param name="weight">[width]</param>
    /// <param name="epsilon">ε</param>
    /// <param name="y">[rows, width]; may be <paramref name="x"/>.</param>
    /// <param name="inverse">[rows], receives r for the backward pass.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(MatrixView x, float* weight, float epsilon, MatrixView y, float* inverse)
    {
        int width = x.Columns;
        for (int row = 0; row < x.Rows; row++)
        {
            float* from = x.Row(row), to = y.Row(row);
            float r = Inverse(from, width, epsilon);
            inverse[row] = r;
            TVector scale = TSimd.Broadcast(r);
            int i = 0;
            for (; i + TSimd.Width <= width; i += TSimd.Width)
                TSimd.Store(to + i, TSimd.Multiply(TSimd.Multiply(TSimd.Load(from + i), scale), TSimd.Load(weight + i)));
            for (; i < width; i++)
                to[i] = from[i] * r * weight[i];
        }
    }

    /// <summary>
    /// With g = dy·w: dx += r·g − x·(r³/width)·Σ(g·x), and dw += dy·x·r summed over the rows. Writes y again, so that the
    /// forward pass need not keep it.
    /// </summary>
    /// <param name="dy">[rows, width]</param>
    /// <param name="x">[rows, width]</param>
    /// <param name="weight">[width]</param>
    /// <param name="inverse">[rows], r of the forward pass.</param>
    /// <param name="dx">[rows, width], added to.</param>
    /// <param name="dweight">[width], added to.</param>
    /// <param name="y">[rows, width], receives the forward result.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(
        MatrixView dy, MatrixView x, float* weight, float* inverse, MatrixView dx, float* dweight, MatrixView y)
    {
        int width = x.Columns;
        for (int row = 0; row < x.Rows; row++)
        {
            float* gradient = dy.Row(row), from = x.Row(row), to = dx.Row(row), output = y.Row(row);
            float r = inverse[row];
            float projection = WeightedDot(gradient, from, weight, width);
            float factor = -projection * r * r * r / width;
            TVector scale = TSimd.Broadcast(r), along = TSimd.Broadcast(factor);
            int i = 0;
            for (; i + TSimd.Width <= width; i += TSimd.Width)
            {
                TVector value = TSimd.Load(from + i), g = TSimd.Load(gradient + i), w = TSimd.Load(weight + i);
                TVector normal = TSimd.Multiply(value, scale);
                TSimd.Store(output + i, TSimd.Multiply(normal, w));
                TSimd.Store(dweight + i, TSimd.MultiplyAdd(g, normal, TSimd.Load(dweight + i)));
                TVector sum = TSimd.MultiplyAdd(TSimd.Multiply(g, w), scale, TSimd.Load(to + i));
                TSimd.Store(to + i, TSimd.MultiplyAdd(value, along, sum));
            }

            for (; i < width; i++)
            {
                output[i] = from[i] * r * weight[i];
                dweight[i] += gradient[i] * from[i] * r;
                to[i] += (gradient[i] * weight[i] * r) + (from[i] * factor);
            }
        }
    }

    /// <summary>1/√(mean(x²) + ε) of one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Inverse(float* x, int width, float epsilon) =>
        1f / MathF.Sqrt((SumOfSquares(x, width) / width) + epsilon);

    /// <summary>Replaces each Σx² of a row by the row's 1/√(mean(x²) + ε).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Inverses(float* squares, int count, int width, float epsilon)
    {
        TVector one = TSimd.Broadcast(1f), length = TSimd.Broadcast(width), offset = TSimd.Broadcast(epsilon);
        int i = 0;
        for (; i + TSimd.Width <= count; i += TSimd.Width)
        {
            TVector mean = TSimd.Divide(TSimd.Load(squares + i), length);
            TSimd.Store(squares + i, TSimd.Divide(one, TSimd.Sqrt(TSimd.Add(mean, offset))));
        }

        for (; i < count; i++)
            squares[i] = 1f / MathF.Sqrt((squares[i] / width) + epsilon);
    }

    /// <summary>Σx² of one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfSquares(float* x, int width)
    {
        TVector squares = default;
        int i = 0;
        for (; i + TSimd.Width <= width; i += TSimd.Width)
        {
            TVector value = TSimd.Load(x + i);
            squares = TSimd.MultiplyAdd(value, value, squares);
        }

        float sum = TSimd.Sum(squares);
        for (; i < width; i++)
            sum += x[i] * x[i];
        return sum;
    }

    /// <summary>Σ a·b·w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float WeightedDot(float* a, float* b, float* w, int width)
    {
        TVector products = default;
        int i = 0;
        for (; i + TSimd.Width <= width; i += TSimd.Width)
            products = TSimd.MultiplyAdd(TSimd.Multiply(TSimd.Load(a + i), TSimd.Load(w + i)), TSimd.Load(b + i), products);
        float sum = TSimd.Sum(products);
        for (; i < width; i++)
            sum += a[i] * w[i] * b[i];
        return sum;
    }
}
