using System.Runtime.CompilerServices;

namespace Outerloop.Model.Kernels;

/// <summary>
/// Softmax over rows of logits and its cross-entropy with one target per row:
/// log p = z[target] − max − ln Σ exp(z − max).
/// </summary>
internal static unsafe class SoftmaxCrossEntropy<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>The log-probability of each row's target.</summary>
    /// <param name="logits">[rows, vocabulary]</param>
    /// <param name="targets">[rows]</param>
    /// <param name="logProbabilities">[rows], receives log p(target).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LogProbabilities(MatrixView logits, ReadOnlySpan<int> targets, Span<float> logProbabilities)
    {
        for (int row = 0; row < logits.Rows; row++)
        {
            float* z = logits.Row(row);
            float largest = Largest(z, logits.Columns);
            float sum = SumOfExponentials(z, logits.Columns, largest);
            logProbabilities[row] = LogProbability(logits.RowSpan(row), targets[row], largest, sum);
        }
    }

    /// <summary>
    /// The gradient of −Σ weight·log p(target): replaces the logits by weight·(softmax(z) − onehot(target)).
    /// </summary>
    /// <param name="logits">[rows, vocabulary], replaced by the gradient.</param>
    /// <param name="targets">[rows]</param>
    /// <param name="weights">[rows]; 0 leaves a row out, negative pushes away from the target.</param>
    /// <param name="logProbabilities">[rows], receives log p(target).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient(
        MatrixView logits, ReadOnlySpan<int> targets, ReadOnlySpan<float> weights, Span<float> logProbabilities)
    {
        int width = logits.Columns;
        for (int row = 0; row < logits.Rows; row++)
        {
            float* z = logits.Row(row);
            int target = targets[row];
            float largest = Largest(z, width), atTarget = logits.RowSpan(row)[target];
            float sum = Exponentiate(z, width, largest);
            logProbabilities[row] = (float)(atTarget - largest - Math.Log(sum));
            Scale(z, width, weights[row] / sum);
            z[target] -= weights[row];
        }
    }

    private static float LogProbability(ReadOnlySpan<float> logits, int target, float largest, float sum) =>
        (float)(logits[target] - largest - Math.Log(sum));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Largest(float* z, int width)
    {
        TVector largest = TSimd.Broadcast(float.NegativeInfinity);
        int i = 0;
        for (; i + TSimd.Width <= width; i += TSimd.Width)
            largest = TSimd.Max(largest, TSimd.Load(z + i));
        float result = TSimd.Largest(largest);
        for (; i < width; i++)
            result = MathF.Max(result, z[i]);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float SumOfExponentials(float* z, int width, float largest)
    {
        TVector sum = default, shift = TSimd.Broadcast(largest);
        int i = 0;
        for (; i + TSimd.Width <= width; i += TSimd.Width)
            sum = TSimd.Add(sum, SimdMath.ExpUpTo88<TSimd, TVector>(TSimd.Subtract(TSimd.Load(z + i), shift)));
        float result = TSimd.Sum(sum);
        for (; i < width; i++)
            result += SimdMath.ExpUpTo88<SimdScalar, float>(z[i] - largest);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Exponentiate(float* z, int width, float largest)
    {
        TVector sum = default, shift = TSimd.Broadcast(largest);
        int i = 0;
        for (; i + TSimd.Width <= width; i += TSimd.Width)
        {
            TVector e = SimdMath.ExpUpTo88<TSimd, TVector>(TSimd.Subtract(TSimd.Load(z + i), shift));
            TSimd.Store(z + i, e);
            sum = TSimd.Add(sum, e);
        }

        float result = TSimd.Sum(sum);
        for (; i < width; i++)
        {
            z[i] = SimdMath.ExpUpTo88<SimdScalar, float>(z[i] - largest);
            result += z[i];
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scale(float* z, int width, float factor)
    {
        TVector scale = TSimd.Broadcast(factor);
        int i = 0;
        for (; i + TSimd.Width <= width; i += TSimd.Width)
            TSimd.Store(z + i, TSimd.Multiply(TSimd.Load(z + i), scale));
        for (; i < width; i++)
            z[i] *= factor;
    }
}
