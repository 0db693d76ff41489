using Outerloop.Model.Adapters;
using Outerloop.Model.Kernels;
using Outerloop.Model.Kernels.Emitted;

namespace Outerloop.Model.Decoder;

/// <summary>
/// A model that reads whole sequences: logits and log-probabilities without a cache. It packs the weights once; a change of
/// the parameters afterwards is not seen. Not for use by several threads at once.
/// </summary>
public sealed class LanguageModel
{
    private readonly KernelSet _kernels;
    private readonly DecoderWeights _weights;
    private readonly DecoderWorkspace _workspace;

    public LanguageModel(Parameters parameters)
        : this(parameters, KernelSet.Best)
    {
    }

    /// <summary>A base with its adapter beside it, not merged.</summary>
    public LanguageModel(AdaptedModel model)
        : this(model.Base, KernelSet.Best, model.Adapter)
    {
    }

    /// <summary>Computes in float where the default kernels are of mixed precision.</summary>
    public static LanguageModel InFloat(Parameters parameters) => new(parameters, KernelSet.BestInFloat);

    internal LanguageModel(Parameters parameters, KernelSet kernels, Adapter? adapter = null)
    {
        _kernels = kernels;
        _weights = new DecoderWeights(parameters, training: false, adapter, kernels.Format);
        _workspace = new DecoderWorkspace(parameters.Config, training: false);
    }

    public ModelConfig Config => _weights.Config;

    /// <summary>The logits [vocabulary] after each token of a sequence.</summary>
    public float[][] Logits(ReadOnlySpan<int> tokens)
    {
        TokenRange.Check(Config, tokens);
        using var flush = FlushToZero.Begin();
        MatrixView logits = DecoderForward.Run(_kernels, _weights, _workspace, tokens, 0);
        var rows = new float[logits.Rows][];
        for (int row = 0; row < rows.Length; row++)
            rows[row] = logits.RowSpan(row).ToArray();
        GC.KeepAlive(_workspace);
        return rows;
    }

    /// <summary>
    /// log p(token t | tokens before t) at temperature 1 for t = <paramref name="firstTarget"/>, … to the end; a trace's
    /// log-probability is their sum.
    /// </summary>
    /// <param name="tokens">Prompt and trace.</param>
    /// <param name="firstTarget">Length of the prompt; at least 1.</param>
    public float[] LogProbabilities(ReadOnlySpan<int> tokens, int firstTarget)
    {
        TokenRange.Check(Config, tokens, firstTarget);
        using var flush = FlushToZero.Begin();
        MatrixView logits = DecoderForward.Run(_kernels, _weights, _workspace, tokens[..^1], firstTarget - 1);
        var result = new float[tokens.Length - firstTarget];
        _kernels.LogProbabilities(logits, tokens[firstTarget..], result);
        GC.KeepAlive(_workspace);
        return result;
    }
}
