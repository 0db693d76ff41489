using Outerloop.Model.Adapters;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Decoder;

/// <summary>
/// A model's weights as the kernels read them: every matrix packed for the forward product and, for training, for the
/// gradient of its input. Made from <see cref="Parameters"/>, with an <see cref="Adapter"/> on it or without.
/// </summary>
internal sealed class DecoderWeights
{
    private readonly bool _training;

    public DecoderWeights(
        Parameters parameters, bool training, Adapter? adapter = null, PackedFormat format = PackedFormat.Single)
    {
        if (adapter is not null && adapter.Layout.Config != parameters.Config)
            throw new ArgumentException("the adapter is one of a model of another shape", nameof(adapter));
        _training = training;
        Parameters = parameters;
        Adapter = adapter;
        ParameterLayout layout = parameters.Layout;
        Layers = [.. Enumerable.Range(0, Config.Layers).Select(index => new LayerWeights(layout, index, training, adapter, format))];
        FinalNorm = new FloatBuffer(Config.Dim);
        Head = new ProjectionWeights(Config.Vocabulary, Config.Dim, layout.Head.Offset, training, format) { IsFrozen = adapter is not null };
        Rotary = new RotaryTable(Config.MaxPositions, Config.HeadDim, Config.RopeTheta);
        for (int part = 0; part < Parts; part++)
        {
            Pack(part);
            Update(part);
        }
    }

    public Parameters Parameters { get; }

    /// <summary>When there is one, the parameters are frozen and the adapter is what is trained.</summary>
    public Adapter? Adapter { get; }

    public ModelConfig Config => Parameters.Config;

    public LayerWeights[] Layers { get; }

    public FloatBuffer FinalNorm { get; }

    public ProjectionWeights Head { get; }

    public RotaryTable Rotary { get; }

    /// <summary>Number of independent parts of an update: the layers, and what is left.</summary>
    public int Parts => Layers.Length + 1;

    /// <summary>
    /// Follows a step of the training: packs the present values of what is trained. Different parts may run at the same time.
    /// </summary>
    public void Update(int part)
    {
        if (Adapter is null)
            Pack(part);
        else if (part < Layers.Length)
            Layers[part].Update(Adapter.Values);
    }

    /// <summary>Copies the embedding of each token into a row of <paramref name="rows"/> [tokens, dim].</summary>
    public void Embed(ReadOnlySpan<int> tokens, MatrixView rows)
    {
        ReadOnlySpan<float> table = Parameters[Parameters.Layout.Embedding];
        int width = Config.Dim;
        for (int row = 0; row < tokens.Length; row++)
            table.Slice(tokens[row] * width, width).CopyTo(rows.RowSpan(row));
    }

    private void Pack(int part)
    {
        if (part < Layers.Length)
        {
            Layers[part].Pack(Parameters, _training);
            return;
        }

        Parameters[Parameters.Layout.FinalNorm].CopyTo(FinalNorm.Span);
        Head.Pack(Parameters.Values, _training);
    }
}
