using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;
using Outerloop.Model.Sampling;
using Outerloop.Model.Tests.Checkpoints;

namespace Outerloop.Model.Tests.Sampling;

public sealed class CachedAttentionTests
{
    /// <param name="HeadDim">Even.</param>
    /// <param name="Prompt">Positions that all sequences share; 0 where there is one sequence.</param>
    /// <param name="Own">Positions of each sequence beyond the prompt.</param>
    /// <param name="Each">Queries of each sequence.</param>
    /// <param name="LengthStep">0, or 1 where the queries of the one sequence stand at consecutive positions.</param>
    public sealed record Shape(int HeadDim, int Prompt, int[] Own, int Each, int LengthStep)
    {
        public int Queries => Own.Length * Each;

        /// <summary>Positions that a query sees.</summary>
        public int LengthOf(int query) => Prompt + Own[query / Each] - (LengthStep * (Each - 1 - (query % Each)));

        public int Longest => Prompt + Own.Max();
    }

    [Property(MaxTest = 80)]
    public Property Every_tier_computes_attention_as_the_formula_says() => Prop.ForAll(Shapes().ToArbitrary(), shape =>
    {
        foreach (KernelSet tier in KernelSet.Available)
        {
            var data = new AttentionData(shape);
            float[][] actual = data.Run(SamplingKernels.Of(tier.Tier));
            for (int query = 0; query < shape.Queries; query++)
            {
                double[] expected = data.Reference(query);
                for (int i = 0; i < shape.HeadDim; i++)
                    Assert.Equal(expected[i], actual[query][i], 1e-5);
            }
        }
    });

    [Property(MaxTest = 80)]
    public Property A_query_has_the_same_bits_alone_with_all_its_keys_in_one_part() => Prop.ForAll(Shapes().ToArbitrary(), shape =>
    {
        foreach (KernelSet tier in KernelSet.Available)
        {
            var data = new AttentionData(shape);
            float[][] together = data.Run(SamplingKernels.Of(tier.Tier));
            for (int query = 0; query < shape.Queries; query++)
                Assert.Equal(together[query], data.RunAlone(SamplingKernels.Of(tier.Tier), query));
        }
    });

    private static Gen<Shape> Shapes() => Gen.OneOf(Decoding(), Prefill());

    private static Gen<Shape> Decoding() =>
        from half in Gen.Choose(1, 70)
        from each in Gen.Choose(1, 4)
        from prompt in Gen.Choose(1, 200)
        from sequences in Gen.Choose(1, AttentionTile.MaxQueries / each)
        from own in Gen.Choose(1, 90).ArrayOf(sequences)
        select new Shape(2 * half, prompt, own, each, 0);

    private static Gen<Shape> Prefill() =>
        from half in Gen.Choose(1, 70)
        from each in Gen.Choose(1, AttentionTile.MaxQueries)
        from more in Gen.Choose(0, 200)
        select new Shape(2 * half, 0, [each + more], each, 1);

    private sealed unsafe class AttentionData
    {
        private readonly Shape _shape;
        private readonly int _stride;
        private readonly KeyValueCache _prompt;
        private readonly KeyValueCache[] _own, _whole;
        private readonly FloatBuffer _queries, _keys, _values;

        public AttentionData(Shape shape)
        {
            _shape = shape;
            ModelConfig config = TestModels.Tiny with { Layers = 1, Heads = 1, KvHeads = 1, HeadDim = shape.HeadDim, MaxPositions = 512 };
            _stride = KeyValueCache.StrideOf(config);
            KeyValueCache[] Caches(int capacity) => [.. shape.Own.Select(_ => new KeyValueCache(config, capacity))];
            (_prompt, _own, _whole) = (new KeyValueCache(config, shape.Prompt), Caches(shape.Own.Max()), Caches(shape.Longest));
            var random = new SplitMix64((ulong)(shape.Longest + (1000 * shape.HeadDim)));
            _queries = Normal(ref random, shape.Queries, _stride, rounded: false);
            _keys = Normal(ref random, shape.Own.Length * shape.Longest, shape.HeadDim, rounded: true);
            _values = Normal(ref random, shape.Own.Length * shape.Longest, shape.HeadDim, rounded: true);
            for (int sequence = 0; sequence < shape.Own.Length; sequence++)
            {
                for (int time = 0; time < shape.Prompt + shape.Own[sequence]; time++)
                {
                    int row = Row(sequence, time) * shape.HeadDim;
                    _whole[sequence].Write(0, 0, time, _keys.Data + row, _values.Data + row);
                    (KeyValueCache cache, int index) = time < shape.Prompt ? (_prompt, time) : (_own[sequence], time - shape.Prompt);
                    cache.Write(0, 0, index, _keys.Data + row, _values.Data + row);
                }
            }
        }

        public float[][] Run(SamplingKernels kernels)
        {
            var parts = new List<AttentionPart>();
            if (_shape.Prompt > 0)
                parts.Add(Part(_prompt, 0, _shape.Queries, 0, _shape.Prompt));
            for (int sequence = 0; sequence < _shape.Own.Length; sequence++)
                parts.Add(Part(_own[sequence], sequence * _shape.Each, _shape.Each, _shape.Prompt, _shape.Own[sequence]));
            return Attend(kernels, [.. parts], [.. Enumerable.Range(0, _shape.Queries).Select(_shape.LengthOf)], firstQuery: 0);
        }

        public float[] RunAlone(SamplingKernels kernels, int query)
        {
            int length = _shape.LengthOf(query);
            return Attend(kernels, [Part(_whole[query / _shape.Each], 0, 1, 0, length)], [length], query)[0];
        }

        public double[] Reference(int query)
        {
            int length = _shape.LengthOf(query), width = _shape.HeadDim, sequence = query / _shape.Each;
            double At(FloatBuffer rows, int time, int i) => rows.Span[(Row(sequence, time) * width) + i];
            double[] weights = [.. Enumerable.Range(0, length).Select(time => Math.Exp(
                Enumerable.Range(0, width).Sum(i => _queries.Span[(query * _stride) + i] * At(_keys, time, i)) / Math.Sqrt(width)))];
            double total = weights.Sum();
            return [.. Enumerable.Range(0, width).Select(i => weights.Select((weight, time) => weight * At(_values, time, i)).Sum() / total)];
        }

        /// <summary>The prompt's keys and values are those of the first sequence.</summary>
        private int Row(int sequence, int time) => ((time < _shape.Prompt ? 0 : sequence) * _shape.Longest) + time;

        private float[][] Attend(SamplingKernels kernels, AttentionPart[] parts, int[] lengths, int firstQuery)
        {
            int stride = AttentionTile.StrideOf(_shape.Longest);
            var scores = new FloatBuffer(lengths.Length * stride);
            var output = new FloatBuffer(lengths.Length * _stride);
            // What an earlier tile left must not matter.
            scores.Span.Fill(float.NaN);
            output.Span.Fill(float.NaN);
            kernels.Attend(new AttentionTile
            {
                Parts = parts,
                Lengths = lengths,
                HeadDim = _shape.HeadDim,
                ValueStride = _stride,
                Queries = _queries.Data + (firstQuery * _stride),
                Scores = scores.Data,
                ScoreStride = stride,
                Output = output.Data,
            });
            float[][] rows = [.. Enumerable.Range(0, lengths.Length).Select(query => output.Span.Slice(query * _stride, _shape.HeadDim).ToArray())];
            GC.KeepAlive(scores);
            GC.KeepAlive(this);
            return rows;
        }

        private static AttentionPart Part(KeyValueCache cache, int firstQuery, int queries, int start, int length) => new()
        {
            FirstQuery = firstQuery,
            Queries = queries,
            Keys = cache.Keys(0, 0),
            Values = cache.Values(0, 0),
            Start = start,
            Length = length,
        };

        private static FloatBuffer Normal(ref SplitMix64 random, int rows, int width, bool rounded)
        {
            var buffer = new FloatBuffer(rows * width);
            foreach (ref float value in buffer.Span)
                value = rounded ? BFloat16.Widen(BFloat16.Round(random.NextNormal())) : random.NextNormal();
            return buffer;
        }
    }
}
