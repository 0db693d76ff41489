using Outerloop.Model.Kernels;

namespace Outerloop.Model.Decoder;

/// <summary>
/// The backward pass of the sequence whose forward pass the workspace holds. It adds the gradient of everything that is
/// trained, the parameters or the adapter on them, to a flat buffer of its layout and destroys the activations.
/// </summary>
internal static unsafe class DecoderBackward
{
    /// <param name="kernels">The tier.</param>
    /// <param name="weights">The model, packed for training.</param>
    /// <param name="workspace">After <see cref="DecoderForward.Run"/> of the same tokens and first row.</param>
    /// <param name="tokens">[n]</param>
    /// <param name="firstRow">The first row that has logits.</param>
    /// <param name="dlogits">[n − firstRow, vocabulary], gradient of the logits.</param>
    /// <param name="gradient">The flat gradient of what is trained, added to.</param>
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

        if (weights.Adapter is null)
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
        weights.Head.ApplyBackward(kernels, workspace.Adapter, dlogits, dnormal);
        weights.Head.AccumulateGradient(kernels, workspace.Adapter, dlogits, normal, gradient);
        kernels.NormaliseBackward(
            dnormal, output, weights.FinalNorm.Data, workspace.FinalInverse.Data, dx,
            NormGradient(weights, workspace, weights.Parameters.Layout.FinalNorm, gradient), normal);
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

        layer.Down.ApplyBackward(kernels, workspace.Adapter, dx, hidden);
        kernels.GateBackward(gateUp, hidden);
        layer.Down.AccumulateGradient(kernels, workspace.Adapter, dx, hidden, gradient);
        layer.GateUp.ApplyBackward(kernels, workspace.Adapter, gateUp, dnormal);
        kernels.NormaliseBackward(
            dnormal, views.Middle.SliceRows(first, rows), layer.PostAttentionNorm.Data, saved.MiddleInverse.Data, dx,
            NormGradient(weights, workspace, slots.PostAttentionNorm, gradient), normal);
        layer.GateUp.AccumulateGradient(kernels, workspace.Adapter, gateUp, normal, gradient);
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

        layer.Output.ApplyBackward(kernels, workspace.Adapter, dx.SliceRows(first, rows), dattention.SliceRows(first, rows));
        layer.Output.AccumulateGradient(
            kernels, workspace.Adapter, dx.SliceRows(first, rows), views.Attention.SliceRows(first, rows), gradient);
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
            saved.QueryInverse.Data, rawQueries, NormGradient(weights, workspace, slots.QueryNorm, gradient));
        kernels.NormaliseHeadsBackward(
            dkeys, views.RawKeys, layer.KeyNorm.Data, weights.Rotary, positions, saved.KeyInverse.Data, views.RawKeys,
            NormGradient(weights, workspace, slots.KeyNorm, gradient));

        MatrixView normal = workspace.Normal.Matrix(n, config.Dim), dnormal = workspace.NormalGradient.Matrix(n, config.Dim);
        layer.KeyValue.ApplyBackward(kernels, workspace.Adapter, views.RawKeyValues, dnormal);
        layer.Query.ApplyBackward(kernels, workspace.Adapter, rawQueries, dnormal.SliceRows(first, rows), accumulate: true);
        kernels.NormaliseBackward(
            dnormal, views.Input, layer.InputNorm.Data, saved.InputInverse.Data, dx,
            NormGradient(weights, workspace, slots.InputNorm, gradient), normal);
        layer.Query.AccumulateGradient(kernels, workspace.Adapter, rawQueries, normal.SliceRows(first, rows), gradient);
        layer.KeyValue.AccumulateGradient(kernels, workspace.Adapter, views.RawKeyValues, normal, gradient);
    }

    /// <summary>Where a norm's gradient goes; with an adapter nobody wants it.</summary>
    private static float* NormGradient(
        DecoderWeights weights, DecoderWorkspace workspace, TensorSlot norm, FloatBuffer gradient) =>
        weights.Adapter is null ? gradient.Data + norm.Offset : workspace.Adapter.Discarded(norm.Length).Data;

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
