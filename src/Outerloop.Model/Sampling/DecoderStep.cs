using System.Runtime.InteropServices;
using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Sampling;

/// <summary>Consecutive new tokens of one sequence in a step: one when decoding, a piece of the prompt in prefill.</summary>
/// <param name="Cache">Holds all positions before <paramref name="Position"/> and has room for the new ones.</param>
/// <param name="Position">Of the first new token.</param>
/// <param name="FirstRow">Row of the first new token in the step.</param>
/// <param name="Count">Number of new tokens.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StepSegment(KeyValueCache Cache, int Position, int FirstRow, int Count);

/// <summary>
/// One pass of some rows through the whole network, each row a new token of some sequence; one worker's scratch memory.
/// No row's result depends on the other sequences' rows, nor on how a sequence is cut into steps.
/// </summary>
internal sealed unsafe class DecoderStep
{
    private readonly SamplingModel _model;
    private readonly ModelConfig _config;
    private readonly KernelSet _kernels;
    private readonly int _valueStride, _scoreStride;
    private readonly FloatBuffer _residual, _normed, _queryKeyValue, _attended, _gateUp, _hidden, _logits, _inverse, _scores;
    private readonly int[] _positions;

    public DecoderStep(SamplingModel model, int maxRows)
    {
        _model = model;
        _config = model.Config;
        _kernels = model.Kernels;
        MaxRows = maxRows;
        _valueStride = KeyValueCache.StrideOf(_config);
        _scoreStride = (_config.MaxPositions + KeyValueCache.TimeBlock - 1) / KeyValueCache.TimeBlock * KeyValueCache.TimeBlock;
        FloatBuffer Rows(int width) => new(checked(maxRows * width));
        _residual = Rows(_config.Dim);
        _normed = Rows(_config.Dim);
        _queryKeyValue = Rows(_config.QueryDim + (2 * _config.KeyValueDim));
        _attended = Rows(_config.QueryDim);
        _gateUp = Rows(2 * _config.FeedForward);
        _hidden = Rows(_config.FeedForward);
        _logits = Rows(_config.Vocabulary);
        _inverse = Rows(_config.Heads);
        _scores = new FloatBuffer(AttentionTile.MaxQueries * _scoreStride);
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
            LayerWeights layer = _model.Weights.Layers[index];
            _kernels.Normalise(residual, layer.InputNorm.Data, _config.NormEpsilon, normed, _inverse.Data);
            Attend(segments, index, normed);
            _kernels.Multiply(_attended.Matrix(rows, _config.QueryDim), layer.Output.Forward, residual, accumulate: true);
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
        _kernels.Multiply(last, _model.Weights.Head.Forward, logits);
        return logits;
    }

    private void FeedForward(LayerWeights layer, MatrixView residual, MatrixView normed)
    {
        MatrixView gateUp = _gateUp.Matrix(residual.Rows, 2 * _config.FeedForward), hidden = _hidden.Matrix(residual.Rows, _config.FeedForward);
        _kernels.Multiply(normed, layer.GateUp.Forward, gateUp);
        _kernels.Gate(gateUp, hidden);
        _kernels.Multiply(hidden, layer.Down.Forward, residual, accumulate: true);
    }

    private void Attend(ReadOnlySpan<StepSegment> segments, int layerIndex, MatrixView normed)
    {
        LayerWeights layer = _model.Weights.Layers[layerIndex];
        MatrixView all = _queryKeyValue.Matrix(normed.Rows, _config.QueryDim + (2 * _config.KeyValueDim));
        _kernels.Multiply(normed, layer.Query.Forward, all.SliceColumns(0, _config.QueryDim));
        _kernels.Multiply(normed, layer.KeyValue.Forward, all.SliceColumns(_config.QueryDim, 2 * _config.KeyValueDim));
        MatrixView queries = all.SliceColumns(0, _config.QueryDim), keys = all.SliceColumns(_config.QueryDim, _config.KeyValueDim);
        ReadOnlySpan<int> positions = _positions.AsSpan(0, normed.Rows);
        _kernels.NormaliseHeads(queries, layer.QueryNorm.Data, _config.NormEpsilon, _model.Weights.Rotary, positions, queries, _inverse.Data);
        _kernels.NormaliseHeads(keys, layer.KeyNorm.Data, _config.NormEpsilon, _model.Weights.Rotary, positions, keys, _inverse.Data);
        foreach (StepSegment segment in segments)
        {
            for (int head = 0; head < _config.KvHeads; head++)
            {
                Remember(segment, layerIndex, head, keys);
                AttendHead(segment, layerIndex, head, queries);
            }
        }
    }

    private void Remember(StepSegment segment, int layerIndex, int head, MatrixView keys)
    {
        for (int row = 0; row < segment.Count; row++)
        {
            float* key = keys.Row(segment.FirstRow + row) + (head * _config.HeadDim);
            segment.Cache.Write(layerIndex, head, segment.Position + row, key, key + _config.KeyValueDim);
        }
    }

    /// <summary>The query heads of one key/value head; tiles of rows of one head, or of the heads of a single row.</summary>
    private void AttendHead(StepSegment segment, int layerIndex, int head, MatrixView queries)
    {
        int group = _config.Heads / _config.KvHeads;
        bool single = segment.Count == 1;
        for (int inGroup = 0; inGroup < group; inGroup += single ? AttentionTile.MaxQueries : 1)
        {
            for (int row = 0; row < segment.Count; row += AttentionTile.MaxQueries)
            {
                int column = ((head * group) + inGroup) * _config.HeadDim;
                var tile = new AttentionTile
                {
                    Count = Math.Min(AttentionTile.MaxQueries, single ? group - inGroup : segment.Count - row),
                    HeadDim = _config.HeadDim,
                    Queries = queries.Row(segment.FirstRow + row) + column,
                    QueryStride = single ? _config.HeadDim : queries.Stride,
                    Keys = segment.Cache.Keys(layerIndex, head),
                    Values = segment.Cache.Values(layerIndex, head),
                    ValueStride = _valueStride,
                    Length = segment.Position + row + 1,
                    LengthStep = single ? 0 : 1,
                    Scores = _scores.Data,
                    ScoreStride = _scoreStride,
                    Output = _attended.Data + ((nint)(segment.FirstRow + row) * _config.QueryDim) + column,
                    OutputStride = single ? _config.HeadDim : _config.QueryDim,
                };
                _model.SamplingKernels.Attend(tile);
            }
        }
    }
}
