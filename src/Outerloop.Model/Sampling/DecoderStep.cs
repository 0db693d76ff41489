using System.Runtime.InteropServices;
using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Sampling;

/// <summary>Consecutive new tokens of one sequence in a step: one when decoding, a piece of the prompt in prefill.</summary>
/// <param name="Cache">
/// Holds the positions from <see cref="PromptLength"/> to before <paramref name="Position"/> and has room for the new ones.
/// </param>
/// <param name="Position">Of the first new token.</param>
/// <param name="FirstRow">Row of the first new token in the step.</param>
/// <param name="Count">Number of new tokens.</param>
/// <param name="Prompt">Holds the first positions, where other sequences read them too.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StepSegment(KeyValueCache Cache, int Position, int FirstRow, int Count, SharedPrompt? Prompt = null)
{
    public int PromptLength => Prompt?.Tokens.Length ?? 0;
}

/// <summary>
/// One pass of some rows through the whole network, each row a new token of some sequence; one worker's scratch memory.
/// No row's result depends on the other sequences' rows, nor on how a sequence is cut into steps.
/// </summary>
internal sealed unsafe class DecoderStep
{
    private readonly SamplingModel _model;
    private readonly ModelConfig _config;
    private readonly KernelSet _kernels;
    private readonly StepAttention _attention;
    private readonly FloatBuffer _residual, _normed, _queryKeyValue, _attended, _gateUp, _hidden, _logits, _inverse;
    private readonly int[] _positions;

    /// <param name="model">The weights.</param>
    /// <param name="maxRows">Most rows of a step.</param>
    /// <param name="maxLogits">Most segments whose logits are wanted at once.</param>
    public DecoderStep(SamplingModel model, int maxRows, int maxLogits)
    {
        _model = model;
        _config = model.Config;
        _kernels = model.Kernels;
        MaxRows = maxRows;
        _attention = new StepAttention(_config, model.SamplingKernels);
        FloatBuffer Rows(int width) => new(checked(maxRows * width));
        _residual = Rows(_config.Dim);
        _normed = Rows(_config.Dim);
        _queryKeyValue = Rows(_config.QueryDim + (2 * _config.KeyValueDim));
        _attended = Rows(_config.QueryDim);
        _gateUp = Rows(2 * _config.FeedForward);
        _hidden = Rows(_config.FeedForward);
        _logits = new FloatBuffer(checked(maxLogits * _config.Vocabulary));
        _inverse = Rows(_config.Heads);
        _positions = new int[maxRows];
    }

    public int MaxRows { get; }

    /// <summary>Advances the sequences: writes the new tokens' keys and values, leaves their residual streams.</summary>
    /// <param name="segments">Cover the rows in order; at most one per sequence.</param>
    /// <param name="tokens">One per row, at most <see cref="MaxRows"/>.</param>
    public void Run(ReadOnlySpan<StepSegment> segments, ReadOnlySpan<int> tokens)
    {
        int rows = tokens.Length;
        MatrixView residual = _residual.Matrix(rows, _config.Dim), normed = _normed.Matrix(rows, _config.Dim);
        _model.Weights.Embed(tokens, residual);
        foreach (StepSegment segment in segments)
        {
            for (int i = 0; i < segment.Count; i++)
                _positions[segment.FirstRow + i] = segment.Position + i;
        }

        for (int index = 0; index < _config.Layers; index++)
        {
            InferenceLayer layer = _model.Weights.Layers[index];
            _kernels.Normalise(residual, layer.InputNorm.Data, _config.NormEpsilon, normed, _inverse.Data);
            Attend(segments, index, normed);
            layer.Output.Multiply(_kernels, _attended.Matrix(rows, _config.QueryDim), residual, accumulate: true);
            _kernels.Normalise(residual, layer.PostAttentionNorm.Data, _config.NormEpsilon, normed, _inverse.Data);
            FeedForward(layer, residual, normed);
        }
    }

    /// <summary>Logits [segments, vocabulary] of the token after each segment of the step just run.</summary>
    public MatrixView Logits(ReadOnlySpan<StepSegment> segments)
    {
        MatrixView residual = _residual.Matrix(MaxRows, _config.Dim), last = _normed.Matrix(segments.Length, _config.Dim);
        for (int i = 0; i < segments.Length; i++)
            residual.RowSpan(segments[i].FirstRow + segments[i].Count - 1).CopyTo(last.RowSpan(i));
        _kernels.Normalise(last, _model.Weights.FinalNorm.Data, _config.NormEpsilon, last, _inverse.Data);
        MatrixView logits = _logits.Matrix(segments.Length, _config.Vocabulary);
        _model.Weights.Head.Multiply(_kernels, last, logits);
        return logits;
    }

    private void FeedForward(InferenceLayer layer, MatrixView residual, MatrixView normed)
    {
        MatrixView gateUp = _gateUp.Matrix(residual.Rows, 2 * _config.FeedForward), hidden = _hidden.Matrix(residual.Rows, _config.FeedForward);
        layer.GateUp.Multiply(_kernels, normed, gateUp);
        _kernels.Gate(gateUp, hidden);
        layer.Down.Multiply(_kernels, hidden, residual, accumulate: true);
    }

    private void Attend(ReadOnlySpan<StepSegment> segments, int layerIndex, MatrixView normed)
    {
        InferenceLayer layer = _model.Weights.Layers[layerIndex];
        MatrixView all = _queryKeyValue.Matrix(normed.Rows, _config.QueryDim + (2 * _config.KeyValueDim));
        layer.Query.Multiply(_kernels, normed, all.SliceColumns(0, _config.QueryDim));
        layer.KeyValue.Multiply(_kernels, normed, all.SliceColumns(_config.QueryDim, 2 * _config.KeyValueDim));
        MatrixView queries = all.SliceColumns(0, _config.QueryDim), keys = all.SliceColumns(_config.QueryDim, _config.KeyValueDim);
        ReadOnlySpan<int> positions = _positions.AsSpan(0, normed.Rows);
        _kernels.NormaliseHeads(queries, layer.QueryNorm.Data, _config.NormEpsilon, _model.Weights.Rotary, positions, queries, _inverse.Data);
        _kernels.NormaliseHeads(keys, layer.KeyNorm.Data, _config.NormEpsilon, _model.Weights.Rotary, positions, keys, _inverse.Data);
        _attention.Run(
            segments, layerIndex, queries, all.SliceColumns(_config.QueryDim, 2 * _config.KeyValueDim),
            _attended.Matrix(normed.Rows, _config.QueryDim));
    }
}
