using System.Runtime.CompilerServices;

namespace Outerloop.Model.Kernels;

/// <summary>
/// Causal softmax attention of one sequence, forward and backward. For each query head with q, its keys k and values v:
/// s[i, j] = q[i]·k[j]/√headDim for j ≤ i, p = softmax over j, o[i] = Σ_j p[i, j]·v[j].
/// </summary>
/// <remarks>
/// Everything is done in the register blocks of <see cref="Gemm{TSimd,TVector}"/>: rows of queries in sixes, keys in panels
/// of 64, and no block beyond the diagonal. In a block of six rows the probabilities behind the diagonal are 0 up to the
/// block's last key; memory behind that is never read. The backward pass makes the probabilities again from the
/// scores, the same bits: that takes about as long as to fetch them from memory, and memory stays linear in the tokens.
/// </remarks>
internal static unsafe class CausalAttention<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int BlockRows = Gemm<TSimd, TVector>.BlockRows;
    private const int PanelColumns = PackedMatrix.WidestPanel;

    /// <param name="shape">The heads.</param>
    /// <param name="queries">[tokens, heads·headDim]</param>
    /// <param name="keys">[tokens, kvHeads·headDim]</param>
    /// <param name="values">[tokens, kvHeads·headDim]</param>
    /// <param name="firstRow">Rows before this one are not computed; a multiple of six.</param>
    /// <param name="softmax">[heads, tokens], receives what the backward pass needs.</param>
    /// <param name="output">[tokens, heads·headDim], receives o.</param>
    /// <param name="scratch">As long as <see cref="AttentionShape.ForwardScratch"/> says.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(
        AttentionShape shape, MatrixView queries, MatrixView keys, MatrixView values, int firstRow,
        Span<SoftmaxRow> softmax, MatrixView output, float* scratch)
    {
        int tokens = keys.Rows, stride = AttentionShape.RowFloats(tokens), width = shape.HeadDim;
        float* block = scratch + shape.PanelFloats(tokens);
        for (int head = 0; head < shape.Heads; head++)
        {
            int query = head * width, key = head / shape.Group * width;
            Span<SoftmaxRow> saved = softmax.Slice(head * tokens, tokens);
            if (head % shape.Group == 0)
                PackTransposed(keys.SliceColumns(key, width), scratch);
            for (int row = firstRow; row < tokens; row += BlockRows)
            {
                int rows = Math.Min(BlockRows, tokens - row);
                TimesTransposed(rows, row + rows, queries.Row(row) + query, queries.Stride, scratch, width, block, stride);
                for (int r = 0; r < rows; r++)
                    saved[row + r] = MaskedSoftmax(block + ((nint)r * stride), row + r + 1, Padded(row + rows), shape.Scale);
                Times(
                    rows, width, block, stride, 1, values.Row(0) + key, values.Stride,
                    output.Row(row) + query, output.Stride, row + rows, accumulate: false);
            }
        }
    }

    /// <summary>
    /// With dp = do·vᵀ and ds = p·(dp − do·o)/√headDim: dq = ds·k, dk = dsᵀ·q and dv = pᵀ·do, the last two summed over the
    /// query heads of a group.
    /// </summary>
    /// <param name="shape">The heads.</param>
    /// <param name="queries">[tokens, heads·headDim]</param>
    /// <param name="keys">[tokens, kvHeads·headDim]</param>
    /// <param name="values">[tokens, kvHeads·headDim]</param>
    /// <param name="firstRow">As in the forward pass: gradients of the output before this row are taken as 0.</param>
    /// <param name="softmax">[heads, tokens] of the forward pass.</param>
    /// <param name="output">[tokens, heads·headDim] of the forward pass.</param>
    /// <param name="doutput">[tokens, heads·headDim]</param>
    /// <param name="dqueries">[tokens, heads·headDim], rows from <paramref name="firstRow"/> overwritten.</param>
    /// <param name="dkeys">[tokens, kvHeads·headDim], overwritten.</param>
    /// <param name="dvalues">[tokens, kvHeads·headDim], overwritten; may be <paramref name="values"/>.</param>
    /// <param name="scratch">As long as <see cref="AttentionShape.BackwardScratch"/> says.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(
        AttentionShape shape, MatrixView queries, MatrixView keys, MatrixView values, int firstRow,
        ReadOnlySpan<SoftmaxRow> softmax, MatrixView output, MatrixView doutput,
        MatrixView dqueries, MatrixView dkeys, MatrixView dvalues, float* scratch)
    {
        int tokens = keys.Rows, stride = AttentionShape.RowFloats(tokens), width = shape.HeadDim;
        float* keyPanels = scratch, valuePanels = keyPanels + shape.PanelFloats(tokens);
        float* p = valuePanels + shape.PanelFloats(tokens), ds = p + ((nint)tokens * stride);
        for (int head = 0; head < shape.Heads; head++)
        {
            int query = head * width, key = head / shape.Group * width;
            bool first = head % shape.Group == 0;
            if (first)
            {
                PackTransposed(keys.SliceColumns(key, width), keyPanels);
                PackTransposed(values.SliceColumns(key, width), valuePanels);
            }

            for (int row = firstRow; row < tokens; row += BlockRows)
            {
                int rows = Math.Min(BlockRows, tokens - row), end = row + rows;
                nint block = (nint)row * stride;
                TimesTransposed(rows, end, queries.Row(row) + query, queries.Stride, keyPanels, width, p + block, stride);
                TimesTransposed(rows, end, doutput.Row(row) + query, doutput.Stride, valuePanels, width, ds + block, stride);
                for (int r = row; r < end; r++)
                {
                    float mean = Dot(doutput.Row(r) + query, output.Row(r) + query, width);
                    nint at = (nint)r * stride;
                    ScoreGradient(p + at, ds + at, r + 1, Padded(end), softmax[(head * tokens) + r], mean, shape.Scale);
                }

                Times(
                    rows, width, ds + block, stride, 1, keys.Row(0) + key, keys.Stride,
                    dqueries.Row(row) + query, dqueries.Stride, end, accumulate: false);
            }

            for (int row = 0; row < tokens; row += BlockRows)
            {
                // Rows of ds and p before the key's own block lie behind the diagonal.
                int rows = Math.Min(BlockRows, tokens - row), start = Math.Max(row, firstRow), steps = tokens - start;
                nint from = ((nint)start * stride) + row;
                Times(
                    rows, width, ds + from, 1, stride, queries.Row(start) + query, queries.Stride,
                    dkeys.Row(row) + key, dkeys.Stride, steps, !first);
                Times(
                    rows, width, p + from, 1, stride, doutput.Row(start) + query, doutput.Stride,
                    dvalues.Row(row) + key, dvalues.Stride, steps, !first);
            }
        }
    }

    public static int Padded(int columns) => (columns + 15) / 16 * 16;

    /// <summary>Panels [headDim][64] of the transposed keys (or values) [tokens, headDim] of one head.</summary>
    private static void PackTransposed(MatrixView keys, float* panels)
    {
        for (int start = 0; start < keys.Rows; start += PanelColumns)
        {
            int count = Math.Min(PanelColumns, keys.Rows - start);
            Transposition.Write(keys.SliceRows(start, count), panels + ((nint)start * keys.Columns), PanelColumns);
        }
    }

    /// <summary>y [rows, columns, rounded up to 16] = a [rows, headDim] · panels.</summary>
    private static void TimesTransposed(
        int rows, int columns, float* a, int aRow, float* panels, int headDim, float* y, int stride)
    {
        for (int column = 0; column < columns; column += PanelColumns)
        {
            Gemm<TSimd, TVector>.Tile(
                rows, Math.Min(PanelColumns, Padded(columns - column)), a, aRow, 1,
                panels + ((nint)column * headDim), PanelColumns, y + column, stride, headDim, accumulate: false);
        }
    }

    /// <summary>y [rows, width] (+)= a [rows, steps] · b [steps, width].</summary>
    private static void Times(
        int rows, int width, float* a, nint aRow, nint aStep, float* b, nint bStep,
        float* y, nint yRow, int steps, bool accumulate)
    {
        for (int column = 0; column < width; column += PanelColumns)
        {
            Gemm<TSimd, TVector>.Tile(
                rows, Math.Min(PanelColumns, width - column), a, aRow, aStep, b + column, bStep,
                y + column, yRow, steps, accumulate);
        }
    }

    /// <summary>Softmax over the first <paramref name="valid"/> scores, 0 from there to <paramref name="padded"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SoftmaxRow MaskedSoftmax(float* scores, int valid, int padded, float scale)
    {
        for (int i = Padded(valid); i < padded; i += TSimd.Width)
            TSimd.Store(scores + i, default);
        return Softmax<TSimd, TVector>.Row(scores, valid, scale);
    }

    /// <summary>
    /// From the scores in <paramref name="p"/> and dp in <paramref name="ds"/>: p = exp(scale·s + shift)·inverse and
    /// ds = p·(dp − mean)·scale, and 0 from <paramref name="valid"/> to <paramref name="padded"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScoreGradient(float* p, float* ds, int valid, int padded, SoftmaxRow row, float mean, float scale)
    {
        TVector shift = TSimd.Broadcast(row.Shift), inverse = TSimd.Broadcast(row.Inverse);
        TVector factor = TSimd.Broadcast(scale), centre = TSimd.Broadcast(mean);
        int i = 0;
        for (; i < valid; i += TSimd.Width)
        {
            TVector scores = valid - i >= TSimd.Width ? TSimd.Load(p + i) : TSimd.LoadFirst(p + i, valid - i);
            TVector probability = TSimd.Multiply(
                SimdMath.ExpUpTo88<TSimd, TVector>(TSimd.MultiplyAdd(scores, factor, shift)), inverse);
            TVector centred = TSimd.Multiply(TSimd.Subtract(TSimd.Load(ds + i), centre), factor);
            TSimd.Store(p + i, probability);
            TSimd.Store(ds + i, TSimd.Multiply(probability, centred));
        }

        for (; i < padded; i += TSimd.Width)
        {
            TSimd.Store(p + i, default);
            TSimd.Store(ds + i, default);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(float* a, float* b, int width)
    {
        TVector sum = default;
        int i = 0;
        for (; i + TSimd.Width <= width; i += TSimd.Width)
            sum = TSimd.MultiplyAdd(TSimd.Load(a + i), TSimd.Load(b + i), sum);
        float result = TSimd.Sum(sum);
        for (; i < width; i++)
            result += a[i] * b[i];
        return result;
    }
}
