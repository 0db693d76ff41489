using System.Runtime.CompilerServices;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Sampling;

/// <summary>
/// Attention over <see cref="KeyValueCache"/>s: out = Σ_t p_t·v_t with p = softmax_t(q·k_t/√headDim).
/// Both products are chains of fused multiply-adds in ascending order, of the head's elements for a score and of time for
/// the output; what lies beyond a query's length has weight 0. So a query's result has the same bits whatever queries
/// share its tile, in whatever parts its keys lie, and whether its position came by prefill or by decoding.
/// </summary>
internal static unsafe class CachedAttention<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int Rows = BFloat16Block<TSimd, TVector>.MaxRows;

    /// <summary>Positions whose values stay in the nearest cache while the tile's queries pass by.</summary>
    private const int TimeChunk = 128;

    public static void Attend(in AttentionTile tile)
    {
        foreach (ref readonly AttentionPart part in tile.Parts)
            Score(tile, part);
        float scale = 1f / MathF.Sqrt(tile.HeadDim);
        for (int query = 0; query < tile.Lengths.Length; query++)
            Softmax(tile.Scores + ((nint)query * tile.ScoreStride), tile.Lengths[query], scale);
        foreach (ref readonly AttentionPart part in tile.Parts)
        {
            Mask(tile, part);
            Combine(tile, part);
        }
    }

    /// <summary>Writes up to a vector of scores past the part's end; the part behind it overwrites them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Score(in AttentionTile tile, in AttentionPart part)
    {
        int width = TSimd.Width, end = part.FirstQuery + part.Queries;
        nint blockSize = (nint)tile.HeadDim * KeyValueCache.TimeBlock;
        // A wide vector is a whole block of positions; narrower ones lie side by side in it.
        nint vectorStep = width == KeyValueCache.TimeBlock ? blockSize : width;
        for (int time = 0; time < part.Length;)
        {
            int vectors = BFloat16Block<TSimd, TVector>.VectorsOf((part.Length - time + width - 1) / width);
            ushort* keys = part.Keys + (time / KeyValueCache.TimeBlock * blockSize) + (time % KeyValueCache.TimeBlock);
            for (int query = part.FirstQuery; query < end; query += Rows)
            {
                BFloat16Block<TSimd, TVector>.Run(
                    Math.Min(Rows, end - query), vectors, tile.Queries + ((nint)query * tile.ValueStride), tile.ValueStride,
                    keys, KeyValueCache.TimeBlock, vectorStep,
                    tile.Scores + ((nint)query * tile.ScoreStride) + part.Start + time, tile.ScoreStride, tile.HeadDim, accumulate: false);
            }

            time += vectors * width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Softmax(float* scores, int length, float scale) => Softmax<TSimd, TVector>.Row(scores, length, scale);

    /// <summary>Gives weight 0 to what the part holds beyond a query's length.</summary>
    private static void Mask(in AttentionTile tile, in AttentionPart part)
    {
        for (int query = part.FirstQuery; query < part.FirstQuery + part.Queries; query++)
        {
            int length = tile.Lengths[query], end = part.Start + part.Length;
            if (length < end)
                new Span<float>(tile.Scores + ((nint)query * tile.ScoreStride) + length, end - length).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine(in AttentionTile tile, in AttentionPart part)
    {
        int end = part.FirstQuery + part.Queries;
        for (int time = 0; time < part.Length; time += TimeChunk)
        {
            int steps = Math.Min(TimeChunk, part.Length - time);
            for (int column = 0; column < tile.ValueStride;)
            {
                int vectors = BFloat16Block<TSimd, TVector>.VectorsOf((tile.ValueStride - column) / TSimd.Width);
                for (int query = part.FirstQuery; query < end; query += Rows)
                {
                    BFloat16Block<TSimd, TVector>.Run(
                        Math.Min(Rows, end - query), vectors,
                        tile.Scores + ((nint)query * tile.ScoreStride) + part.Start + time, tile.ScoreStride,
                        part.Values + ((nint)time * tile.ValueStride) + column, tile.ValueStride, TSimd.Width,
                        tile.Output + ((nint)query * tile.ValueStride) + column, tile.ValueStride, steps, part.Start + time > 0);
                }

                column += vectors * TSimd.Width;
            }
        }
    }
}
