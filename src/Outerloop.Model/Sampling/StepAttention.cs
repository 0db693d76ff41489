using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Sampling;

/// <summary>
/// The attention of one step: writes the new keys and values, then gathers the queries into tiles. One worker's scratch
/// memory.
/// </summary>
internal sealed unsafe class StepAttention
{
    private readonly ModelConfig _config;
    private readonly SamplingKernels _kernels;
    private readonly int _group, _stride, _scoreStride;
    private readonly FloatBuffer _queries, _scores, _output;
    private readonly AttentionPart[] _parts = new AttentionPart[AttentionTile.MaxQueries + 1];
    private readonly int[] _lengths = new int[AttentionTile.MaxQueries];

    public StepAttention(ModelConfig config, SamplingKernels kernels)
    {
        _config = config;
        _kernels = kernels;
        _group = config.Heads / config.KvHeads;
        _stride = KeyValueCache.StrideOf(config);
        _scoreStride = AttentionTile.StrideOf(config.MaxPositions);
        _queries = new FloatBuffer(AttentionTile.MaxQueries * _stride);
        _output = new FloatBuffer(AttentionTile.MaxQueries * _stride);
        _scores = new FloatBuffer(AttentionTile.MaxQueries * _scoreStride);
    }

    /// <param name="segments">Of the step.</param>
    /// <param name="layer">Of the decoder.</param>
    /// <param name="queries">[rows, queryDim], normalised and rotated.</param>
    /// <param name="keyValues">[rows, 2·keyValueDim]: keys, normalised and rotated, and values.</param>
    /// <param name="output">[rows, queryDim]</param>
    public void Run(ReadOnlySpan<StepSegment> segments, int layer, MatrixView queries, MatrixView keyValues, MatrixView output)
    {
        foreach (StepSegment segment in segments)
            Remember(segment, layer, keyValues);
        for (int index = 0; index < segments.Length;)
        {
            int count = TogetherFrom(segments, index);
            for (int head = 0; head < _config.KvHeads; head++)
            {
                if (segments[index].Count > 1)
                    Prefill(segments[index], layer, head, queries, output);
                else
                    Decode(segments.Slice(index, count), layer, head, queries, output);
            }

            index += count;
        }
    }

    private void Remember(StepSegment segment, int layer, MatrixView keyValues)
    {
        for (int head = 0; head < _config.KvHeads; head++)
        {
            for (int row = 0; row < segment.Count; row++)
            {
                float* key = keyValues.Row(segment.FirstRow + row) + (head * _config.HeadDim);
                segment.Cache.Write(layer, head, segment.Position + row - segment.PromptLength, key, key + _config.KeyValueDim);
            }
        }
    }

    /// <summary>How many segments from one on decode after the same prompt and fit into a tile.</summary>
    private int TogetherFrom(ReadOnlySpan<StepSegment> segments, int index)
    {
        StepSegment first = segments[index];
        int count = 1;
        while (first.Count == 1 && first.Prompt is not null && (count + 1) * _group <= AttentionTile.MaxQueries
            && index + count < segments.Length && segments[index + count] is { Count: 1 } next && next.Prompt == first.Prompt)
        {
            count++;
        }

        return count;
    }

    /// <summary>One query head after the other, some rows at a time.</summary>
    private void Prefill(StepSegment segment, int layer, int head, MatrixView queries, MatrixView output)
    {
        for (int query = head * _group; query < (head + 1) * _group; query++)
        {
            for (int row = 0; row < segment.Count; row += AttentionTile.MaxQueries)
            {
                int count = Math.Min(AttentionTile.MaxQueries, segment.Count - row);
                for (int i = 0; i < count; i++)
                {
                    Take(queries, segment.FirstRow + row + i, query, i);
                    _lengths[i] = segment.Position + row + i + 1;
                }

                Attend(count, PartsOf(segment, layer, head, 0, count, segment.Position + row + count, 0));
                for (int i = 0; i < count; i++)
                    Give(output, segment.FirstRow + row + i, query, i);
            }
        }
    }

    /// <summary>All query heads of a group, of sequences that share a prompt; of one sequence in pieces where they are many.</summary>
    private void Decode(ReadOnlySpan<StepSegment> segments, int layer, int head, MatrixView queries, MatrixView output)
    {
        for (int piece = 0; piece < _group; piece += AttentionTile.MaxQueries)
        {
            int first = (head * _group) + piece, each = Math.Min(AttentionTile.MaxQueries, _group - piece), count = 0, parts = 0;
            foreach (StepSegment segment in segments)
            {
                for (int i = 0; i < each; i++)
                {
                    Take(queries, segment.FirstRow, first + i, count + i);
                    _lengths[count + i] = segment.Position + 1;
                }

                parts = PartsOf(segment, layer, head, count, each, segment.Position + 1, parts);
                count += each;
            }

            Attend(count, parts);
            for (int i = 0; i < count; i++)
                Give(output, segments[i / each].FirstRow, first + (i % each), i);
        }
    }

    /// <summary>Adds what some queries of a sequence read: the prompt if it is not there yet, and what is the sequence's own.</summary>
    private int PartsOf(StepSegment segment, int layer, int head, int firstQuery, int count, int length, int parts)
    {
        if (segment.Prompt is { } prompt)
        {
            int queries = parts == 0 ? count : firstQuery + count;
            _parts[0] = Part(prompt.Cache, layer, head, 0, queries, 0, segment.PromptLength);
            parts = Math.Max(parts, 1);
        }

        if (length > segment.PromptLength)
            _parts[parts++] = Part(segment.Cache, layer, head, firstQuery, count, segment.PromptLength, length - segment.PromptLength);
        return parts;
    }

    private static AttentionPart Part(KeyValueCache cache, int layer, int head, int firstQuery, int count, int start, int length) => new()
    {
        FirstQuery = firstQuery,
        Queries = count,
        Keys = cache.Keys(layer, head),
        Values = cache.Values(layer, head),
        Start = start,
        Length = length,
    };

    private void Take(MatrixView queries, int row, int head, int index) =>
        new ReadOnlySpan<float>(queries.Row(row) + (head * _config.HeadDim), _config.HeadDim)
            .CopyTo(_queries.Span.Slice(index * _stride, _config.HeadDim));

    private void Give(MatrixView output, int row, int head, int index) =>
        _output.Span.Slice(index * _stride, _config.HeadDim)
            .CopyTo(new Span<float>(output.Row(row) + (head * _config.HeadDim), _config.HeadDim));

    private void Attend(int count, int parts) => _kernels.Attend(new AttentionTile
    {
        Parts = _parts.AsSpan(0, parts),
        Lengths = _lengths.AsSpan(0, count),
        HeadDim = _config.HeadDim,
        ValueStride = _stride,
        Queries = _queries.Data,
        Scores = _scores.Data,
        ScoreStride = _scoreStride,
        Output = _output.Data,
    });
}
