using System.Numerics;
using Outerloop.Model.Decoder;

namespace Outerloop.Model.Adapters;

/// <summary>A low-rank adapter: an <see cref="AdapterLayout"/> and its flat fp32 buffer.</summary>
public sealed class Adapter
{
    public Adapter(AdapterLayout layout, float[] values, float dropout = 0)
    {
        if (values.Length != layout.Length)
            throw new ArgumentException($"the layout wants {layout.Length} values, got {values.Length}", nameof(values));
        if (dropout is not (>= 0 and < 1))
            throw new ArgumentException($"dropout is from 0 to below 1, not {dropout}", nameof(dropout));
        Layout = layout;
        Values = values;
        Dropout = dropout;
    }

    public AdapterLayout Layout { get; }

    public float[] Values { get; }

    /// <summary>Share of the inputs of each A that a training step sets to 0.</summary>
    public float Dropout { get; }

    public Span<float> this[TensorSlot slot] => Values.AsSpan(slot.Range);

    /// <summary>As PEFT starts: A uniform in ±1/√in, B zero, so that the adapted model is the base.</summary>
    public static Adapter Fresh(ModelConfig config, LoraOptions options, ulong seed)
    {
        var layout = AdapterLayout.Uniform(config, options);
        var adapter = new Adapter(layout, new float[layout.Length], (float)options.Dropout);
        var random = new SplitMix64(seed);
        foreach (LowRankSlots update in layout.Updates)
        {
            double bound = 1 / Math.Sqrt(update.A.Shape[1]);
            foreach (ref float value in adapter[update.A])
                value = (float)(bound * ((2 * random.NextDouble()) - 1));
        }

        return adapter;
    }

    /// <summary>A model of its own with W + scale·B·A for each adapted W. The bytes are the same on every processor.</summary>
    public Parameters Merge(Parameters @base)
    {
        if (@base.Config != Layout.Config)
            throw new ArgumentException("the adapter is one of a model of another shape", nameof(@base));
        Parameters merged = @base.Clone();
        foreach (LowRankSlots update in Layout.Updates)
        {
            TensorSlot weight = update.Target.Projection.WeightIn(merged.Layout.Layers[update.Target.Layer]);
            AddProduct(update.Scale, this[update.B], this[update.A], merged[weight], update.Target.Rank);
        }

        return merged;
    }

    /// <summary>weight [out, in] += scale·b [out, rank]·a [rank, in], summed in double precision and rounded once.</summary>
    private static void AddProduct(double scale, ReadOnlySpan<float> b, ReadOnlySpan<float> a, Span<float> weight, int rank)
    {
        double[] sum = new double[a.Length / rank];
        for (int output = 0; output < b.Length / rank; output++)
        {
            Span<float> row = weight.Slice(output * sum.Length, sum.Length);
            for (int i = 0; i < sum.Length; i++)
                sum[i] = row[i];
            for (int k = 0; k < rank; k++)
                AddMultiple(scale * b[(output * rank) + k], a.Slice(k * sum.Length, sum.Length), sum);
            for (int i = 0; i < sum.Length; i++)
                row[i] = (float)sum[i];
        }
    }

    private static void AddMultiple(double factor, ReadOnlySpan<float> from, Span<double> to)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= to.Length; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(from[i..]), out Vector<double> low, out Vector<double> high);
            (new Vector<double>(to[i..]) + (low * factor)).CopyTo(to[i..]);
            Span<double> rest = to[(i + Vector<double>.Count)..];
            (new Vector<double>(rest) + (high * factor)).CopyTo(rest);
        }

        for (; i < to.Length; i++)
            to[i] += from[i] * factor;
    }
}

/// <summary>A frozen base and the adapter on it.</summary>
public sealed record AdaptedModel(Parameters Base, Adapter Adapter);
