using Outerloop.Model.Kernels;

namespace Outerloop.Model.Decoder;

/// <summary>
/// The backward pass of the sequence whose forward pass the workspace holds. It adds the gradient of every parameter to a
/// flat buffer of the parameters' layout and destroys the activations.
/// </summary>
internal static unsafe class DecoderBackward
{
    /// <param name="kernels">The tier.</param>
    /// <param name="weights">The model, packed for training.</param>
    /// <param name="workspace">After <see cref="DecoderForward.Run"/> of the same tokens and first row.</param>
    /// <param name="tokens">[n]</param>
    /// <param name="firstRow">The first row that has logits.</param>
    /// <param name="dlogits">[n − firstRow, vocabulary], gradient of the logits.</param>
    /// <param name="gradient">The flat gradient, added to.</param>
    public static void Run(
        KernelSet kernels, DecoderWeights weights, DecoderWorkspace workspace, ReadOnlySpan<int> tokens, int firstRow,
        MatrixView dlogits, FloatBuffer gradient)
    {
        ModelConfig config = weights.Config;
        int n = tokens.Length, rows = n - firstRow, computed = DecoderForward.FirstComputedRow(firstRow);
        MatrixView dx = workspace.ResidualGradient.Matrix(n, config.Dim);
        new Span<float>(dx.Data, n * config.Dim).Clear();
        Head(kernels, weights, workspace, firstRow, dlogits, dx.SliceRows(firstRow, rows), gradient);
        for (int layer = config.Layers - 1; layer >= 0; layer--)
        {
            int first = layer == config.Layers - 1 ? computed : 0;
            FeedForward(kernels, weights, layer, workspace, first, dx, gradient);
            Attention(kernels, weights, layer, workspace, first, dx, gradient);
        }

        Embedding(weights, tokens, dx, gradient);
        GC.KeepAlive(weights);
        GC.KeepAlive(workspace);
        GC.KeepAlive(gradient);
    }

    private static void Head(
        KernelSet kernels, DecoderWeights weights, DecoderWorkspace workspace, int firstRow,
        MatrixView dlogits, MatrixView dx, FloatBuffer gradient)
    {
        ModelConfig config = weights.Config;
        MatrixView normal = workspace.FinalNormal.Matrix(dx.Rows, config.Dim);
        MatrixView dnormal = workspace.NormalGradient.Matrix(dx.Rows, config.Dim);
        MatrixView output = workspace.Layers[^1].Input.Matrix(firstRow + dx.Rows, config.Dim).SliceRows(firstRow, dx.Rows);
        kernels.Multiply(dlogits, weights.Head.Backward, dnormal);
        kernels.AccumulateOuter(dlogits, normal, weights.Head.In(gradient.Data));
        kernels.NormaliseBackward(
            dnormal, output, weights.FinalNorm.Data, workspace.FinalInverse.Data, dx,
            gradient.Data + weights.Parameters.Layout.FinalNorm.Offset, normal);
    }

    /// <summary>x' = x + down(silu(gate(norm x))·up(norm x)), from dx' to dx in place.</summary>
    private static void FeedForward(
        KernelSet kernels, DecoderWeights weights, int index, DecoderWorkspace workspace, int first,
        MatrixView dx, FloatBuffer gradient)
    {
        ModelConfig config = weights.Config;
        LayerWeights layer = weights.Layers[index];
        LayerSlots slots = weights.Parameters.Layout.Layers[index];
        LayerActivations saved = workspace.Layers[index];
        var views = new LayerViews(config, saved, dx.Rows);
        int rows = dx.Rows - first;
        dx = dx.SliceRows(first, rows);
        MatrixView gateUp = views.GateUp.SliceRows(first, rows), hidden = workspace.Hidden.Matrix(rows, config.FeedForward);
        MatrixView normal = workspace.Normal.Matrix(rows, config.Dim), dnormal = workspace.NormalGradient.Matrix(rows, config.Dim);

        kernels.Multiply(dx, layer.Down.Backward, hidden);
        kernels.GateBackward(gateUp, hidden);
        kernels.AccumulateOuter(dx, hidden, layer.Down.In(gradient.Data));
        kernels.Multiply(gateUp, layer.GateUp.Backward, dnormal);
        kernels.NormaliseBackward(
            dnormal, views.Middle.SliceRows(first, rows), layer.PostAttentionNorm.Data, saved.MiddleInverse.Data, dx,
            gradient.Data + slots.PostAttentionNorm.Offset, normal);
        kernels.AccumulateOuter(gateUp, normal, layer.GateUp.In(gradient.Data));
    }

    /// <summary>x' = x + output(attention(norm x)), from dx' to dx in place.</summary>
    private static void Attention(
        KernelSet kernels, DecoderWeights weights, int index, DecoderWorkspace workspace, int first,
        MatrixView dx, FloatBuffer gradient)
    {
        ModelConfig config = weights.Config;
        LayerWeights layer = weights.Layers[index];
        LayerSlots slots = weights.Parameters.Layout.Layers[index];
        LayerActivations saved = workspace.Layers[index];
        int n = dx.Rows, rows = n - first;
        var views = new LayerViews(config, saved, n);
        MatrixView dattention = workspace.AttentionGradient.Matrix(n, config.QueryDim);
        MatrixView drotated = workspace.RotatedGradient.Matrix(n, config.QueryDim + config.KeyValueDim);
        MatrixView dqueries = drotated.SliceColumns(0, config.QueryDim);
        MatrixView dkeys = drotated.SliceColumns(config.QueryDim, config.KeyValueDim);

        kernels.Multiply(dx.SliceRows(first, rows), layer.Output.Backward, dattention.SliceRows(first, rows));
        kernels.AccumulateOuter(
            dx.SliceRows(first, rows), views.Attention.SliceRows(first, rows), layer.Output.In(gradient.Data));
        // The values' gradient takes the place of the values.
        kernels.AttendBackward(
            new AttentionShape(config.Heads, config.KvHeads, config.HeadDim), views.Queries, views.Keys, views.Values,
            first, saved.Softmax, views.Attention, dattention, dqueries, dkeys, views.Values,
            workspace.AttentionScratch.Data);

        // So do the gradients of the raw queries and keys.
        ReadOnlySpan<int> positions = workspace.Positions.AsSpan(0, n);
        MatrixView rawQueries = views.RawQueries.SliceRows(first, rows);
        kernels.NormaliseHeadsBackward(
            dqueries.SliceRows(first, rows), rawQueries, layer.QueryNorm.Data, weights.Rotary, positions[first..],
            saved.QueryInverse.Data, rawQueries, gradient.Data + slots.QueryNorm.Offset);
        kernels.NormaliseHeadsBackward(
            dkeys, views.RawKeys, layer.KeyNorm.Data, weights.Rotary, positions, saved.KeyInverse.Data, views.RawKeys,
            gradient.Data + slots.KeyNorm.Offset);

        MatrixView normal = workspace.Normal.Matrix(n, config.Dim), dnormal = workspace.NormalGradient.Matrix(n, config.Dim);
        kernels.Multiply(views.RawKeyValues, layer.KeyValue.Backward, dnormal);
        kernels.Multiply(rawQueries, layer.Query.Backward, dnormal.SliceRows(first, rows), accumulate: true);
        kernels.NormaliseBackward(
            dnormal, views.Input, layer.InputNorm.Data, saved.InputInverse.Data, dx,
            gradient.Data + slots.InputNorm.Offset, normal);
        kernels.AccumulateOuter(rawQueries, normal.SliceRows(first, rows), layer.Query.In(gradient.Data));
        kernels.AccumulateOuter(views.RawKeyValues, normal, layer.KeyValue.In(gradient.Data));
    }

    private static void Embedding(DecoderWeights weights, ReadOnlySpan<int> tokens, MatrixView dx, FloatBuffer gradient)
    {
        int width = dx.Columns;
        float* table = gradient.Data + weights.Parameters.Layout.Embedding.Offset;
        for (int row = 0; row < tokens.Length; row++)
        {
            var target = new Span<float>(table + ((nint)tokens[row] * width), width);
            ReadOnlySpan<float> source = dx.RowSpan(row);
            for (int i = 0; i < target.Length; i++)
                target[i] += source[i];
        }
    }
}
