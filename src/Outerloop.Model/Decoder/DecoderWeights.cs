using Outerloop.Model.Kernels;

namespace Outerloop.Model.Decoder;

/// <summary>
/// A model's weights as the kernels read them: every matrix packed for the forward product and, for training, for the
/// gradient of its input. Made from <see cref="Parameters"/>; <see cref="Update()"/> follows a change of them.
/// </summary>
internal sealed class DecoderWeights
{
    private readonly bool _training;

    public DecoderWeights(Parameters parameters, bool training, PackedFormat format = PackedFormat.Single)
    {
        _training = training;
        Parameters = parameters;
        ParameterLayout layout = parameters.Layout;
        Layers = [.. layout.Layers.Select(slots => new LayerWeights(layout.Config, slots, training, format))];
        FinalNorm = new FloatBuffer(Config.Dim);
        Head = new ProjectionWeights(Config.Vocabulary, Config.Dim, layout.Head.Offset, training, format);
        Rotary = new RotaryTable(Config.MaxPositions, Config.HeadDim, Config.RopeTheta);
        Update();
    }

    public Parameters Parameters { get; }

    public ModelConfig Config => Parameters.Config;

    public LayerWeights[] Layers { get; }

    public FloatBuffer FinalNorm { get; }

    public ProjectionWeights Head { get; }

    public RotaryTable Rotary { get; }

    /// <summary>Number of independent parts of an update: the layers, and what is left.</summary>
    public int Parts => Layers.Length + 1;

    /// <summary>Packs the present values of the parameters.</summary>
    public void Update()
    {
        for (int part = 0; part < Parts; part++)
            Update(part);
    }

    /// <summary>One part of <see cref="Update()"/>; different parts may run at the same time.</summary>
    public void Update(int part)
    {
        if (part < Layers.Length)
        {
            Layers[part].Update(Parameters, _training);
            return;
        }

        Parameters[Parameters.Layout.FinalNorm].CopyTo(FinalNorm.Span);
        Head.Update(Parameters.Values, _training);
    }

    /// <summary>Copies the embedding of each token into a row of <paramref name="rows"/> [tokens, dim].</summary>
    public void Embed(ReadOnlySpan<int> tokens, MatrixView rows)
    {
        ReadOnlySpan<float> table = Parameters[Parameters.Layout.Embedding];
        int width = Config.Dim;
        for (int row = 0; row < tokens.Length; row++)
            table.Slice(tokens[row] * width, width).CopyTo(rows.RowSpan(row));
    }
}

/// <summary>The packed weights of one layer. Key with value and gate with up are one product each.</summary>
internal sealed class LayerWeights
{
    private readonly LayerSlots _slots;

    public LayerWeights(ModelConfig config, LayerSlots slots, bool training, PackedFormat format)
    {
        _slots = slots;
        if (slots.Value.Offset != slots.Key.Range.End.Value || slots.Up.Offset != slots.Gate.Range.End.Value)
            throw new InvalidOperationException("key and value, and gate and up, must be neighbours in the layout");
        Query = new(config.QueryDim, config.Dim, slots.Query.Offset, training, format);
        KeyValue = new(2 * config.KeyValueDim, config.Dim, slots.Key.Offset, training, format);
        Output = new(config.Dim, config.QueryDim, slots.Output.Offset, training, format);
        GateUp = new(2 * config.FeedForward, config.Dim, slots.Gate.Offset, training, format);
        Down = new(config.Dim, config.FeedForward, slots.Down.Offset, training, format);
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

    public void Update(Parameters parameters, bool training)
    {
        parameters[_slots.InputNorm].CopyTo(InputNorm.Span);
        parameters[_slots.QueryNorm].CopyTo(QueryNorm.Span);
        parameters[_slots.KeyNorm].CopyTo(KeyNorm.Span);
        parameters[_slots.PostAttentionNorm].CopyTo(PostAttentionNorm.Span);
        foreach (ProjectionWeights projection in new[] { Query, KeyValue, Output, GateUp, Down })
            projection.Update(parameters.Values, training);
    }
}

/// <summary>One weight W [outputs, inputs], packed both ways.</summary>
internal sealed unsafe class ProjectionWeights(int outputs, int inputs, int offset, bool training, PackedFormat format)
{
    private readonly PackedMatrix? _backward = training ? new PackedMatrix(outputs, inputs, format) : null;

    /// <summary>For Y = X·Wᵀ.</summary>
    public PackedMatrix Forward { get; } = new(inputs, outputs, format);

    /// <summary>For dX = dY·W; there is one when the weights were made for training.</summary>
    public PackedMatrix Backward =>
        _backward ?? throw new InvalidOperationException("these weights were not packed for training");

    /// <summary>Where W, and its gradient, lies in a flat buffer.</summary>
    public MatrixView In(float* flat) => new(flat + offset, outputs, inputs, inputs);

    public void Update(float[] values, bool training)
    {
        fixed (float* flat = values)
        {
            Forward.PackTransposed(In(flat));
            if (training)
                Backward.Pack(In(flat));
        }
    }
}
