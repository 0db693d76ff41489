using System.Collections.Immutable;
using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Training;

/// <summary>
/// AdamW over the flat buffer of what is trained. It works on fixed ranges of parameters, so that any number of threads gives the
/// same bytes.
/// </summary>
internal sealed unsafe class Optimiser
{
    private const int RangeLength = 16 * 1024;

    private readonly KernelSet _kernels;
    private readonly AdamWOptions _options;
    private readonly float[] _values;
    private readonly (int Start, int Length, bool Decays)[] _ranges;
    private readonly double[] _squares;

    /// <param name="kernels">The tier.</param>
    /// <param name="slots">The tensors, which tile the buffer.</param>
    /// <param name="values">The buffer, changed in place.</param>
    /// <param name="options">Decay rates and clipping.</param>
    public Optimiser(KernelSet kernels, ImmutableArray<TensorSlot> slots, float[] values, AdamWOptions options)
    {
        _kernels = kernels;
        _options = options;
        _values = values;
        FirstMoment = new FloatBuffer(values.Length);
        SecondMoment = new FloatBuffer(values.Length);
        _ranges = [.. slots.SelectMany(Ranges)];
        _squares = new double[_ranges.Length];
    }

    /// <summary>m of each value.</summary>
    public FloatBuffer FirstMoment { get; }

    /// <summary>v of each value.</summary>
    public FloatBuffer SecondMoment { get; }

    /// <summary>Steps done, which the bias corrections follow.</summary>
    public int Steps { get; set; }

    /// <summary>
    /// Adds the gradients up in their order (into the first of them), clips the sum and steps.
    /// </summary>
    /// <returns>The norm of the gradient before clipping.</returns>
    public double Step(FloatBuffer[] gradients, float learningRate, Workers workers)
    {
        workers.Run(_ranges.Length, (range, _) =>
            _squares[range] = _kernels.SumGradients(gradients, _ranges[range].Start, _ranges[range].Length));
        double norm = Math.Sqrt(_squares.Sum());
        if (!double.IsFinite(norm))
            throw new ArithmeticException($"the gradient of step {Steps + 1} is not finite; train with a lower learning rate");
        Steps++;
        AdamStep plain = Plan(learningRate, norm), decaying = plain with { Decay = learningRate * _options.WeightDecay };
        workers.Run(_ranges.Length, (range, _) =>
            Update(_ranges[range].Decays ? decaying : plain, gradients[0], _ranges[range].Start, _ranges[range].Length));
        return norm;
    }

    /// <summary>A tensor in pieces; norms, which have one dimension, do not decay.</summary>
    private static IEnumerable<(int Start, int Length, bool Decays)> Ranges(TensorSlot slot)
    {
        for (int start = 0; start < slot.Length; start += RangeLength)
            yield return (slot.Offset + start, Math.Min(RangeLength, slot.Length - start), slot.Shape.Length > 1);
    }

    private AdamStep Plan(float learningRate, double norm)
    {
        double bias1 = 1 - Math.Pow(_options.Beta1, Steps), bias2 = 1 - Math.Pow(_options.Beta2, Steps);
        double scale = norm > _options.Clip ? _options.Clip / norm : 1;
        return new AdamStep(
            (float)scale, _options.Beta1, _options.Beta2, (float)(learningRate / bias1), (float)(1 / bias2),
            _options.Epsilon, Decay: 0f);
    }

    private void Update(AdamStep step, FloatBuffer gradient, int start, int length)
    {
        fixed (float* values = _values)
        {
            _kernels.UpdateParameters(
                step, values + start, gradient.Data + start, FirstMoment.Data + start, SecondMoment.Data + start, length);
        }
    }
}
