using System.Collections.Immutable;
using Outerloop.Model.Adapters;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Decoder;

/// <summary>The packed weights of one layer. Key with value and gate with up are one product each.</summary>
internal sealed class LayerWeights
{
    private readonly LayerSlots _slots;

    public LayerWeights(ParameterLayout layout, int index, bool training, Adapter? adapter, PackedFormat format)
    {
        ModelConfig config = layout.Config;
        _slots = layout.Layers[index];
        ProjectionWeights Product(params ReadOnlySpan<Projection> parts) =>
            ProjectionWeights.Of(_slots, parts, training, adapter, index, format);
        Query = Product(Projection.Query);
        KeyValue = Product(Projection.Key, Projection.Value);
        Output = Product(Projection.Output);
        GateUp = Product(Projection.Gate, Projection.Up);
        Down = Product(Projection.Down);
        InputNorm = new FloatBuffer(config.Dim);
        QueryNorm = new FloatBuffer(config.HeadDim);
        KeyNorm = new FloatBuffer(config.HeadDim);
        PostAttentionNorm = new FloatBuffer(config.Dim);
    }

    public FloatBuffer InputNorm { get; }

    public ProjectionWeights Query { get; }

    /// <summary>Keys in the first half of the output, values in the second.</summary>
    public ProjectionWeights KeyValue { get; }

    public FloatBuffer QueryNorm { get; }

    public FloatBuffer KeyNorm { get; }

    public ProjectionWeights Output { get; }

    public FloatBuffer PostAttentionNorm { get; }

    /// <summary>Gate in the first half of the output, up in the second.</summary>
    public ProjectionWeights GateUp { get; }

    public ProjectionWeights Down { get; }

    private ProjectionWeights[] Projections => [Query, KeyValue, Output, GateUp, Down];

    /// <summary>Packs the layer's own weights.</summary>
    public void Pack(Parameters parameters, bool training)
    {
        parameters[_slots.InputNorm].CopyTo(InputNorm.Span);
        parameters[_slots.QueryNorm].CopyTo(QueryNorm.Span);
        parameters[_slots.KeyNorm].CopyTo(KeyNorm.Span);
        parameters[_slots.PostAttentionNorm].CopyTo(PostAttentionNorm.Span);
        foreach (ProjectionWeights projection in Projections)
            projection.Pack(parameters.Values, training);
    }

    /// <summary>Packs the adapters on them.</summary>
    public void Update(float[] adapter)
    {
        foreach (LowRankUpdate update in Projections.SelectMany(projection => projection.Adapters))
            update.Update(adapter);
    }
}

/// <summary>
/// One weight W [outputs, inputs], packed both ways, with the low-rank updates of its parts: Y = X·Wᵀ + updates. With
/// adapters in the model, W is frozen.
/// </summary>
internal sealed unsafe class ProjectionWeights(int outputs, int inputs, int offset, bool training, PackedFormat format) : IProjection
{
    private readonly PackedMatrix? _backward = training ? new PackedMatrix(outputs, inputs, format) : null;

    /// <summary>For Y = X·Wᵀ.</summary>
    public PackedMatrix Forward { get; } = new(inputs, outputs, format);

    /// <summary>For dX = dY·W; there is one when the weights were made for training.</summary>
    public PackedMatrix Backward =>
        _backward ?? throw new InvalidOperationException("these weights were not packed for training");

    public bool IsFrozen { get; init; }

    public ImmutableArray<LowRankUpdate> Adapters { get; init; } = [];

    /// <summary>Neighbours in the layout as one weight, one below the other.</summary>
    public static ProjectionWeights Of(
        LayerSlots slots, ReadOnlySpan<Projection> parts, bool training, Adapter? adapter, int layer, PackedFormat format)
    {
        TensorSlot first = parts[0].WeightIn(slots);
        var adapters = ImmutableArray.CreateBuilder<LowRankUpdate>();
        int outputs = 0;
        foreach (Projection part in parts)
        {
            TensorSlot weight = part.WeightIn(slots);
            if (weight.Offset != first.Offset + (outputs * first.Shape[1]))
                throw new InvalidOperationException("the parts of one product must be neighbours in the layout");
            if (adapter?.Layout.Find(layer, part) is { } update)
                adapters.Add(new LowRankUpdate(update, outputs, adapter.Dropout, training));
            outputs += weight.Shape[0];
        }

        return new ProjectionWeights(outputs, first.Shape[1], first.Offset, training, format)
        {
            IsFrozen = adapter is not null,
            Adapters = adapters.ToImmutable(),
        };
    }

    /// <summary>Where W, and its gradient, lies in a flat buffer.</summary>
    public MatrixView In(float* flat) => new(flat + offset, outputs, inputs, inputs);

    public void Pack(float[] values, bool training)
    {
        fixed (float* flat = values)
        {
            Forward.PackTransposed(In(flat));
            if (training)
                Backward.Pack(In(flat));
        }
    }

    /// <summary>Y (+)= X·Wᵀ, without adapters: to be sampled from, they are merged.</summary>
    public void Multiply(KernelSet kernels, MatrixView x, MatrixView y, bool accumulate = false) =>
        kernels.Multiply(x, Forward, y, accumulate);

    /// <summary>Y (+)= the projection of X.</summary>
    public void Apply(KernelSet kernels, AdapterWorkspace workspace, MatrixView x, MatrixView y, bool accumulate = false)
    {
        Multiply(kernels, x, y, accumulate);
        foreach (LowRankUpdate update in Adapters)
            update.Apply(kernels, workspace, x, y);
    }

    /// <summary>dX (+)= the gradient of the projection's input.</summary>
    public void ApplyBackward(KernelSet kernels, AdapterWorkspace workspace, MatrixView dy, MatrixView dx, bool accumulate = false)
    {
        kernels.Multiply(dy, Backward, dx, accumulate);
        foreach (LowRankUpdate update in Adapters)
            update.ApplyBackward(kernels, workspace, dy, dx);
    }

    /// <summary>Adds the gradient of what is trained: of W, or of the adapters on it.</summary>
    public void AccumulateGradient(KernelSet kernels, AdapterWorkspace workspace, MatrixView dy, MatrixView x, FloatBuffer gradient)
    {
        if (!IsFrozen)
            kernels.AccumulateOuter(dy, x, In(gradient.Data));
        foreach (LowRankUpdate update in Adapters)
            update.AccumulateGradient(kernels, workspace, dy, x, gradient.Data);
    }
}
