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
    /// <param name="Count">Queries in the tile.</param>
    /// <param name="Length">Positions that the first query sees.</param>
    /// <param name="LengthStep">0 or 1.</param>
    public sealed record Shape(int HeadDim, int Count, int Length, int LengthStep)
    {
        public int Longest => Length + ((Count - 1) * LengthStep);
    }

    [Property(MaxTest = 60)]
    public Property Every_tier_computes_attention_as_the_formula_says() => Prop.ForAll(Shapes().ToArbitrary(), shape =>
    {
        foreach (KernelSet tier in KernelSet.Available)
        {
            var data = new AttentionData(shape);
            float[][] actual = data.Run(SamplingKernels.Of(tier.Tier), 0, shape.Count);
            double[][] expected = data.Reference();
            for (int query = 0; query < shape.Count; query++)
            {
                for (int i = 0; i < shape.HeadDim; i++)
                    Assert.Equal(expected[query][i], actual[query][i], 1e-5);
            }
        }
    });

    [Property(MaxTest = 60)]
    public Property A_query_has_the_same_bits_alone_and_in_a_tile() => Prop.ForAll(Shapes().ToArbitrary(), shape =>
    {
        foreach (KernelSet tier in KernelSet.Available)
        {
            var data = new AttentionData(shape);
            float[][] together = data.Run(SamplingKernels.Of(tier.Tier), 0, shape.Count);
            for (int query = 0; query < shape.Count; query++)
                Assert.Equal(together[query], Assert.Single(data.Run(SamplingKernels.Of(tier.Tier), query, 1)));
        }
    });

    private static Gen<Shape> Shapes() =>
        from half in Gen.Choose(1, 70)
        from count in Gen.Choose(1, AttentionTile.MaxQueries)
        from length in Gen.Choose(1, 200)
        from step in Gen.Choose(0, 1)
        select new Shape(2 * half, count, length, step);

    private sealed unsafe class AttentionData
    {
        private readonly Shape _shape;
        private readonly KeyValueCache _cache;
        private readonly FloatBuffer _queries, _keys, _values;

        public AttentionData(Shape shape)
        {
            _shape = shape;
            ModelConfig config = TestModels.Tiny with { Layers = 1, Heads = 1, KvHeads = 1, HeadDim = shape.HeadDim, MaxPositions = 256 };
            _cache = new KeyValueCache(config, shape.Longest);
            var random = new SplitMix64((ulong)shape.GetHashCode());
            _queries = Normal(ref random, shape.Count);
            _keys = Normal(ref random, shape.Longest);
            _values = Normal(ref random, shape.Longest);
            for (int time = 0; time < shape.Longest; time++)
                _cache.Write(0, 0, time, _keys.Data + (time * shape.HeadDim), _values.Data + (time * shape.HeadDim));
        }

        public float[][] Run(SamplingKernels kernels, int first, int count)
        {
            int stride = _cache.Capacity;
            var scores = new FloatBuffer(count * stride);
            var output = new FloatBuffer(count * _shape.HeadDim);
            var tile = new AttentionTile
            {
                Count = count,
                HeadDim = _shape.HeadDim,
                Queries = _queries.Data + (first * _shape.HeadDim),
                QueryStride = _shape.HeadDim,
                Keys = _cache.Keys(0, 0),
                Values = _cache.Values(0, 0),
                ValueStride = _cache.ValueStride,
                Length = _shape.Length + (first * _shape.LengthStep),
                LengthStep = _shape.LengthStep,
                Scores = scores.Data,
                ScoreStride = stride,
                Output = output.Data,
                OutputStride = _shape.HeadDim,
            };
            kernels.Attend(tile);
            float[][] rows = [.. Enumerable.Range(0, count).Select(query => output.Span.Slice(query * _shape.HeadDim, _shape.HeadDim).ToArray())];
            GC.KeepAlive(scores);
            return rows;
        }

        public double[][] Reference() => [.. Enumerable.Range(0, _shape.Count).Select(query =>
        {
            int length = _shape.Length + (query * _shape.LengthStep), width = _shape.HeadDim;
            double[] weights = [.. Enumerable.Range(0, length).Select(time => Math.Exp(
                Enumerable.Range(0, width).Sum(i => (double)_queries.Span[(query * width) + i] * _keys.Span[(time * width) + i]) / Math.Sqrt(width)))];
            double total = weights.Sum();
            return Enumerable.Range(0, width).Select(i => weights.Select((weight, time) => weight * _values.Span[(time * width) + i]).Sum() / total).ToArray();
        })];

        private FloatBuffer Normal(ref SplitMix64 random, int rows)
        {
            var buffer = new FloatBuffer(rows * _shape.HeadDim);
            foreach (ref float value in buffer.Span)
                value = random.NextNormal();
            return buffer;
        }
    }
}
