using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Outerloop.Model.Kernels.Emitted;

namespace Outerloop.Model.Kernels;

/// <summary>
/// <see cref="CausalAttention{TSimd,TVector}"/> with its products in bf16: queries, keys, values, the output's gradient,
/// p and ds are rounded as they enter a product; scores, softmax, sums and results are floats. Blocks of six queries, as there.
/// </summary>
internal sealed unsafe class BFloat16Attention(BFloat16Products products)
{
    private const int BlockRows = 6, LeftFloats = BlockRows * LeftPairs.RowPairs;

    /// <summary>Wider heads do not fit the left side of a product.</summary>
    public const int WidestHead = BlockJob.LongestSum;

    /// <summary>The transposed keys and a copy of them in passing, the values, and a block of scores.</summary>
    public static int ForwardScratch(AttentionShape shape, int tokens) => checked(
        Turned(shape, tokens) + PairFloats(shape, tokens) + Rows(shape, tokens) + LeftFloats + (BlockRows * AttentionShape.RowFloats(tokens)));

    /// <summary>Transposed keys and values, three matrices in pairs of rows, p and ds in pairs of queries, two blocks.</summary>
    public static int BackwardScratch(AttentionShape shape, int tokens) => checked(
        (2 * Turned(shape, tokens)) + PairFloats(shape, tokens) + (3 * Rows(shape, tokens)) + LeftFloats
        + ((2 * BlockRows) + (2 * Pairs(tokens))) * AttentionShape.RowFloats(tokens));

    /// <inheritdoc cref="CausalAttention{TSimd,TVector}.Forward"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(
        AttentionShape shape, MatrixView queries, MatrixView keys, MatrixView values, int firstRow,
        Span<SoftmaxRow> softmax, MatrixView output, float* scratch)
    {
        int tokens = keys.Rows, width = shape.HeadDim, stride = AttentionShape.RowFloats(tokens);
        uint* turnedKeys = (uint*)scratch, passing = turnedKeys + Turned(shape, tokens), left = passing + PairFloats(shape, tokens);
        uint* valueRows = left + LeftFloats;
        float* scores = (float*)(valueRows + Rows(shape, tokens));
        products.Begin();
        for (int head = 0; head < shape.Heads; head++)
        {
            int query = head * width, key = head / shape.Group * width;
            if (head % shape.Group == 0)
            {
                Turn(keys.SliceColumns(key, width), passing, turnedKeys, stride);
                BFloat16Pairs.PackRows(values.SliceColumns(key, width), valueRows, Padded(width), Pairs(tokens));
            }

            for (int row = firstRow; row < tokens; row += BlockRows)
            {
                int rows = Math.Min(BlockRows, tokens - row), end = row + rows;
                var block = new MatrixView(scores, rows, Padded(end), stride);
                Times(queries.SliceRows(row, rows).SliceColumns(query, width), width, left, new RightPairs(turnedKeys, stride), block);
                for (int r = 0; r < rows; r++)
                {
                    softmax[(head * tokens) + row + r] =
                        CausalAttention<Simd512, Vector512<float>>.MaskedSoftmax(block.Row(r), row + r + 1, block.Columns, shape.Scale);
                }

                Times(
                    block, end, left, new RightPairs(valueRows, Padded(width)),
                    output.SliceRows(row, rows).SliceColumns(query, width));
            }
        }

        products.End();
    }

    /// <inheritdoc cref="CausalAttention{TSimd,TVector}.Backward"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(
        AttentionShape shape, MatrixView queries, MatrixView keys, MatrixView values, int firstRow,
        ReadOnlySpan<SoftmaxRow> softmax, MatrixView output, MatrixView doutput,
        MatrixView dqueries, MatrixView dkeys, MatrixView dvalues, float* scratch)
    {
        int tokens = keys.Rows, width = shape.HeadDim, stride = AttentionShape.RowFloats(tokens), padded = Padded(width);
        int wanted = tokens - firstRow;
        uint* turnedKeys = (uint*)scratch, turnedValues = turnedKeys + Turned(shape, tokens);
        uint* passing = turnedValues + Turned(shape, tokens), left = passing + PairFloats(shape, tokens);
        uint* keyRows = left + LeftFloats, queryRows = keyRows + Rows(shape, tokens), gradientRows = queryRows + Rows(shape, tokens);
        float* p = (float*)(gradientRows + Rows(shape, tokens)), ds = p + (BlockRows * stride);
        uint* pPairs = (uint*)(ds + (BlockRows * stride)), dsPairs = pPairs + ((nint)Pairs(tokens) * stride);
        products.Begin();
        for (int head = 0; head < shape.Heads; head++)
        {
            int query = head * width, key = head / shape.Group * width;
            bool first = head % shape.Group == 0;
            if (first)
            {
                Turn(keys.SliceColumns(key, width), passing, turnedKeys, stride);
                Turn(values.SliceColumns(key, width), passing, turnedValues, stride);
                BFloat16Pairs.PackRows(keys.SliceColumns(key, width), keyRows, padded, Pairs(tokens));
            }

            MatrixView q = queries.SliceColumns(query, width), dout = doutput.SliceColumns(query, width);
            BFloat16Pairs.PackRows(q.SliceRows(firstRow, wanted), queryRows, padded, Pairs(wanted));
            BFloat16Pairs.PackRows(dout.SliceRows(firstRow, wanted), gradientRows, padded, Pairs(wanted));
            for (int row = firstRow; row < tokens; row += BlockRows)
            {
                int rows = Math.Min(BlockRows, tokens - row), end = row + rows;
                MatrixView probabilities = new(p, rows, Padded(end), stride), gradients = new(ds, rows, Padded(end), stride);
                Times(q.SliceRows(row, rows), width, left, new RightPairs(turnedKeys, stride), probabilities);
                Times(dout.SliceRows(row, rows), width, left, new RightPairs(turnedValues, stride), gradients);
                for (int r = 0; r < rows; r++)
                {
                    ScoreGradient(
                        probabilities.Row(r), gradients.Row(r), row + r + 1, probabilities.Columns, softmax[(head * tokens) + row + r],
                        shape.Scale);
                }

                Pair(probabilities, pPairs + ((nint)row / 2 * stride), stride);
                Pair(gradients, dsPairs + ((nint)row / 2 * stride), stride);
                Times(
                    gradients, end, left, new RightPairs(keyRows, padded),
                    dqueries.SliceRows(row, rows).SliceColumns(query, width));
            }

            for (int row = 0; row < tokens; row += BlockRows)
            {
                // Rows of p and ds before the key's own block lie behind the diagonal.
                int rows = Math.Min(BlockRows, tokens - row), start = Math.Max(row, firstRow), steps = tokens - start;
                nint from = ((nint)start / 2 * stride) + row, right = (nint)(start - firstRow) / 2 * padded;
                products.Panel(
                    LeftPairs.Aside(dsPairs + from, stride), new RightPairs(queryRows + right, padded),
                    dkeys.SliceRows(row, rows).SliceColumns(key, width), steps, !first);
                products.Panel(
                    LeftPairs.Aside(pPairs + from, stride), new RightPairs(gradientRows + right, padded),
                    dvalues.SliceRows(row, rows).SliceColumns(key, width), steps, !first);
            }
        }

        products.End();
    }

    /// <summary>
    /// From the scores in <paramref name="p"/> and dp in <paramref name="ds"/>: p = exp(scale·s + shift)·inverse and
    /// ds = p·(dp − Σ p·dp)·scale, and 0 from <paramref name="valid"/> to <paramref name="padded"/>.
    /// </summary>
    /// <remarks>The mean is that of the dp at hand, not do·o: the roundings of both sides then cancel, and Σ ds = 0.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScoreGradient(float* p, float* ds, int valid, int padded, SoftmaxRow row, float scale)
    {
        Vector512<float> shift = Vector512.Create(row.Shift), inverse = Vector512.Create(row.Inverse), factor = Vector512.Create(scale);
        Vector512<float> mean = default;
        int filled = Padded(valid);
        for (int i = 0; i < filled; i += 16)
        {
            Vector512<float> scores = valid - i >= 16 ? Vector512.Load(p + i) : Simd512.LoadFirst(p + i, valid - i);
            Vector512<float> probability =
                SimdMath.ExpUpTo88<Simd512, Vector512<float>>(Vector512.FusedMultiplyAdd(scores, factor, shift)) * inverse;
            mean = Vector512.FusedMultiplyAdd(probability, Vector512.Load(ds + i), mean);
            probability.Store(p + i);
        }

        Vector512<float> centre = Vector512.Create(Simd512.Sum(mean));
        for (int i = 0; i < filled; i += 16)
            (Vector512.Load(p + i) * ((Vector512.Load(ds + i) - centre) * factor)).Store(ds + i);
        for (int i = filled; i < padded; i += 16)
        {
            Vector512<float>.Zero.Store(p + i);
            Vector512<float>.Zero.Store(ds + i);
        }
    }

    private static int Padded(int columns) => CausalAttention<Simd512, Vector512<float>>.Padded(columns);

    private static int Pairs(int count) => (count + 1) / 2;

    /// <summary>Of a head's [tokens, headDim] transposed: [headDim / 2][tokens], the pairs along the head.</summary>
    private static int Turned(AttentionShape shape, int tokens) => checked(Pairs(shape.HeadDim) * AttentionShape.RowFloats(tokens));

    /// <summary>Of the same before it is transposed.</summary>
    private static int PairFloats(AttentionShape shape, int tokens) => checked(tokens * Pairs(shape.HeadDim));

    /// <summary>Of a head's [tokens, headDim] in pairs of tokens.</summary>
    private static int Rows(AttentionShape shape, int tokens) => checked(Pairs(tokens) * Padded(shape.HeadDim));

    /// <summary>Lays rows [tokens, headDim] out as [headDim / 2][stride], zero behind the last token.</summary>
    private static void Turn(MatrixView rows, uint* passing, uint* target, int stride)
    {
        int pairs = Pairs(rows.Columns);
        for (int row = 0; row < rows.Rows; row++)
            BFloat16Pairs.PackRow(rows.Row(row), rows.Columns, passing + ((nint)row * pairs), pairs);
        Transposition.Write(new MatrixView((float*)passing, rows.Rows, pairs, pairs), (float*)target, stride);
        for (int pair = 0; pair < pairs; pair++)
            new Span<uint>(target + ((nint)pair * stride) + rows.Rows, stride - rows.Rows).Clear();
    }

    /// <summary>Neighbouring rows of a block as rows of pairs.</summary>
    private static void Pair(MatrixView block, uint* target, int stride)
    {
        if (block.Rows % 2 != 0)
            new Span<float>(block.Row(block.Rows), block.Columns).Clear();
        for (int row = 0; row < block.Rows; row += 2, target += stride)
            BFloat16Pairs.Interleave(block.Row(row), block.Row(row + 1), block.Columns, target);
    }

    /// <summary>y = x · right for a block of rows, some steps at a time; behind the last step x may have zeros, whole vectors for the packing.</summary>
    private void Times(MatrixView x, int steps, uint* left, RightPairs right, MatrixView y)
    {
        for (int step = 0; step < steps; step += BlockJob.LongestSum)
        {
            products.PackUpright(x.SliceColumns(step, Math.Min(BlockJob.LongestSum, x.Columns - step)), left);
            products.Panel(
                LeftPairs.Upright(left), new RightPairs(right.Data + ((nint)step / 2 * right.Width), right.Width), y,
                Math.Min(BlockJob.LongestSum, steps - step), step > 0);
        }
    }
}
