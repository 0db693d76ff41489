using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Sampling;

/// <summary>
/// At most six queries of one sequence that read the same key/value head: one head at consecutive positions (prefill) or
/// the heads of a group at one position (decoding).
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct AttentionTile
{
    /// <summary>Most queries of a tile: the rows of the GEMM's register block.</summary>
    public const int MaxQueries = 6;

    public required int Count { get; init; }

    public required int HeadDim { get; init; }

    /// <summary>[count, headDim], rows <see cref="QueryStride"/> floats apart.</summary>
    public required float* Queries { get; init; }

    public required int QueryStride { get; init; }

    /// <summary>[time/64][headDim][64]</summary>
    public required float* Keys { get; init; }

    /// <summary>[time][<see cref="ValueStride"/>]</summary>
    public required float* Values { get; init; }

    public required int ValueStride { get; init; }

    /// <summary>Positions that the first query sees, its own among them.</summary>
    public required int Length { get; init; }

    /// <summary>Positions that each query sees more than the one before it: 1 in prefill, 0 in decoding.</summary>
    public required int LengthStep { get; init; }

    /// <summary>Scratch [count, <see cref="ScoreStride"/>].</summary>
    public required float* Scores { get; init; }

    /// <summary>At least the longest length, rounded up to a multiple of 64.</summary>
    public required int ScoreStride { get; init; }

    /// <summary>[count, headDim], rows <see cref="OutputStride"/> floats apart.</summary>
    public required float* Output { get; init; }

    public required int OutputStride { get; init; }

    public int LengthOf(int query) => Length + (query * LengthStep);
}

/// <summary>
/// Attention over a <see cref="KeyValueCache"/>: out = Σ_t p_t·v_t with p = softmax_t(q·k_t/√headDim).
/// Both products are chains of fused multiply-adds in ascending order, of the head's elements for a score and of time for
/// the output; what lies beyond a query's length has weight 0. So a query's result has the same bits whatever queries
/// share its tile, and whether its position came by prefill or by decoding.
/// </summary>
internal static unsafe class CachedAttention<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int Granule = PackedMatrix.ColumnGranule;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Attend(in AttentionTile tile)
    {
        int longest = tile.LengthOf(tile.Count - 1);
        Score(tile, longest);
        float scale = 1f / MathF.Sqrt(tile.HeadDim);
        for (int query = 0; query < tile.Count; query++)
            Weigh(tile.Scores + ((nint)query * tile.ScoreStride), tile.LengthOf(query), longest, scale);
        Combine(tile, longest);
    }

    private static void Score(in AttentionTile tile, int longest)
    {
        int padded = RoundUp(longest);
        float* keys = tile.Keys;
        for (int time = 0; time < padded; time += KeyValueCache.TimeBlock, keys += tile.HeadDim * KeyValueCache.TimeBlock)
        {
            Gemm<TSimd, TVector>.Tile(
                tile.Count, Math.Min(KeyValueCache.TimeBlock, padded - time), tile.Queries, tile.QueryStride, 1,
                keys, KeyValueCache.TimeBlock, tile.Scores + time, tile.ScoreStride, tile.HeadDim, accumulate: false);
        }
    }

    /// <summary>Replaces scores by their softmax, from the length on by 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weigh(float* scores, int length, int longest, float scale)
    {
        Softmax<TSimd, TVector>.Row(scores, length, scale);
        for (int time = length; time < longest; time++)
            scores[time] = 0;
    }

    private static void Combine(in AttentionTile tile, int longest)
    {
        for (int column = 0; column < tile.HeadDim; column += PackedMatrix.PanelColumns)
        {
            Gemm<TSimd, TVector>.Tile(
                tile.Count, Math.Min(PackedMatrix.PanelColumns, tile.HeadDim - column), tile.Scores, tile.ScoreStride, 1,
                tile.Values + column, tile.ValueStride, tile.Output + column, tile.OutputStride, longest, accumulate: false);
        }
    }

    private static int RoundUp(int length) => (length + Granule - 1) / Granule * Granule;
}
