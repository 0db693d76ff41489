using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;
using Outerloop.Model.Sampling;

namespace Outerloop.Model.Tests.Sampling;

/// <summary>What the sampler's network says of a sequence that it reads at once: no cache from another step, no batch.</summary>
internal sealed class WholeSequence(Parameters parameters)
{
    private readonly SamplingModel _model = new(parameters, KernelSet.Best);

    /// <summary>The logits [vocabulary] after each token.</summary>
    public float[][] Logits(int[] tokens) => Run(tokens, logits => Enumerable.Range(0, tokens.Length).Select(row => logits.RowSpan(row).ToArray()).ToArray());

    /// <summary>log p of each token from an index on.</summary>
    public float[] LogProbabilities(int[] tokens, int firstTarget) => Run(tokens, logits =>
    {
        float[] result = new float[tokens.Length - firstTarget];
        _model.Kernels.LogProbabilities(logits.SliceRows(firstTarget - 1, result.Length), tokens.AsSpan(firstTarget), result);
        return result;
    });

    private T Run<T>(int[] tokens, Func<MatrixView, T> read)
    {
        var step = new DecoderStep(_model, tokens.Length, tokens.Length);
        var cache = new KeyValueCache(_model.Config, tokens.Length);
        step.Run([new StepSegment(cache, 0, 0, tokens.Length)], tokens);
        T result = read(step.Logits([.. tokens.Select((_, row) => new StepSegment(cache, row, row, 1))]));
        GC.KeepAlive(step);
        return result;
    }
}
