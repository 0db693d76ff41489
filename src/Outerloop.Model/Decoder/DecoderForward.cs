using Outerloop.Model.Kernels;

namespace Outerloop.Model.Decoder;

/// <summary>
/// The forward pass of one sequence, from tokens to logits. Sequences never share a kernel call, so a sequence's logits
/// cannot depend on the batch that it is in.
/// </summary>
/// <remarks>
/// Logits are wanted from some row on: a trace's, not its prompt's. Above the last layer's keys and values nothing reads
/// the rows before it, so that the last layer leaves them out.
/// </remarks>
internal static unsafe class DecoderForward
{
    /// <param name="kernels">The tier.</param>
    /// <param name="weights">The model.</param>
    /// <param name="workspace">Receives the activations.</param>
    /// <param name="tokens">[n]</param>
    /// <param name="firstRow">The first row whose logits are wanted.</param>
    /// <returns>Logits [n − firstRow, vocabulary] in the workspace; row r is what follows token firstRow + r.</returns>
    public static MatrixView Run(
        KernelSet kernels, DecoderWeights weights, DecoderWorkspace workspace, ReadOnlySpan<int> tokens, int firstRow)
    {
        ModelConfig config = weights.Config;
        int n = tokens.Length, computed = FirstComputedRow(firstRow);
        workspace.Reserve(n);
        weights.Embed(tokens, workspace.Layers[0].Input.Matrix(n, config.Dim));
        for (int layer = 0; layer < config.Layers; layer++)
        {
            int first = layer == config.Layers - 1 ? computed : 0;
            Attention(kernels, weights, layer, workspace, n, first);
            FeedForward(kernels, weights, layer, workspace, n, first);
        }

        MatrixView output = workspace.Layers[^1].Input.Matrix(n, config.Dim).SliceRows(firstRow, n - firstRow);
        MatrixView normal = workspace.FinalNormal.Matrix(n - firstRow, config.Dim);
        MatrixView logits = workspace.Logits.Matrix(n - firstRow, config.Vocabulary);
        kernels.Normalise(output, weights.FinalNorm.Data, config.NormEpsilon, normal, workspace.FinalInverse.Data);
        weights.Head.Apply(kernels, workspace.Adapter, normal, logits);
        GC.KeepAlive(weights);
        GC.KeepAlive(workspace);
        return logits;
    }

    /// <summary>Rows of the last layer start at a block of the attention kernel.</summary>
    public static int FirstComputedRow(int firstRow) => firstRow - (firstRow % KernelSet.AttentionBlockRows);

    private static void Attention(
        KernelSet kernels, DecoderWeights weights, int index, DecoderWorkspace workspace, int n, int first)
    {
        ModelConfig config = weights.Config;
        LayerWeights layer = weights.Layers[index];
        LayerActivations saved = workspace.Layers[index];
        var views = new LayerViews(config, saved, n);
        int rows = n - first;
        MatrixView normal = workspace.Normal.Matrix(n, config.Dim);
        kernels.Normalise(views.Input, layer.InputNorm.Data, config.NormEpsilon, normal, saved.InputInverse.Data);
        layer.Query.Apply(kernels, workspace.Adapter, normal.SliceRows(first, rows), views.RawQueries.SliceRows(first, rows));
        layer.KeyValue.Apply(kernels, workspace.Adapter, normal, views.RawKeyValues);

        ReadOnlySpan<int> positions = workspace.Positions.AsSpan(0, n);
        kernels.NormaliseHeads(
            views.RawQueries.SliceRows(first, rows), layer.QueryNorm.Data, config.NormEpsilon, weights.Rotary,
            positions[first..], views.Queries.SliceRows(first, rows), saved.QueryInverse.Data);
        kernels.NormaliseHeads(
            views.RawKeys, layer.KeyNorm.Data, config.NormEpsilon, weights.Rotary, positions, views.Keys,
            saved.KeyInverse.Data);
        kernels.Attend(
            new AttentionShape(config.Heads, config.KvHeads, config.HeadDim), views.Queries, views.Keys, views.Values,
            first, saved.Softmax, views.Attention, workspace.AttentionScratch.Data);

        MatrixView middle = views.Middle.SliceRows(first, rows);
        Copy(views.Input.SliceRows(first, rows), middle);
        layer.Output.Apply(kernels, workspace.Adapter, views.Attention.SliceRows(first, rows), middle, accumulate: true);
    }

    private static void FeedForward(
        KernelSet kernels, DecoderWeights weights, int index, DecoderWorkspace workspace, int n, int first)
    {
        ModelConfig config = weights.Config;
        LayerWeights layer = weights.Layers[index];
        LayerActivations saved = workspace.Layers[index];
        var views = new LayerViews(config, saved, n);
        int rows = n - first;
        MatrixView middle = views.Middle.SliceRows(first, rows), gateUp = views.GateUp.SliceRows(first, rows);
        MatrixView normal = workspace.Normal.Matrix(rows, config.Dim), hidden = workspace.Hidden.Matrix(rows, config.FeedForward);
        kernels.Normalise(middle, layer.PostAttentionNorm.Data, config.NormEpsilon, normal, saved.MiddleInverse.Data);
        layer.GateUp.Apply(kernels, workspace.Adapter, normal, gateUp);
        kernels.Gate(gateUp, hidden);

        MatrixView output = workspace.Layers[index + 1].Input.Matrix(n, config.Dim).SliceRows(first, rows);
        Copy(middle, output);
        layer.Down.Apply(kernels, workspace.Adapter, hidden, output, accumulate: true);
    }

    private static void Copy(MatrixView from, MatrixView to) =>
        new ReadOnlySpan<float>(from.Data, from.Rows * from.Columns).CopyTo(new Span<float>(to.Data, to.Rows * to.Columns));
}
