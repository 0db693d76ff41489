using System.Runtime.InteropServices;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Decoder;

/// <summary>The parts of a layer's activations for a sequence of n tokens, each with its shape.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct LayerViews(ModelConfig config, LayerActivations saved, int n)
{
    private readonly MatrixView _raw = saved.QueryKeyValue.Matrix(n, config.QueryDim + (2 * config.KeyValueDim));
    private readonly MatrixView _rotated = saved.Rotated.Matrix(n, config.QueryDim + config.KeyValueDim);

    /// <summary>[n, dim]</summary>
    public MatrixView Input { get; } = saved.Input.Matrix(n, config.Dim);

    /// <summary>[n, dim]</summary>
    public MatrixView Middle { get; } = saved.Middle.Matrix(n, config.Dim);

    /// <summary>[n, queryDim]</summary>
    public MatrixView Attention { get; } = saved.Attention.Matrix(n, config.QueryDim);

    /// <summary>[n, 2·feedForward]</summary>
    public MatrixView GateUp { get; } = saved.GateUp.Matrix(n, 2 * config.FeedForward);

    /// <summary>Queries before norm and rotation [n, queryDim].</summary>
    public MatrixView RawQueries => _raw.SliceColumns(0, config.QueryDim);

    /// <summary>Keys before norm and rotation, and values [n, 2·keyValueDim].</summary>
    public MatrixView RawKeyValues => _raw.SliceColumns(config.QueryDim, 2 * config.KeyValueDim);

    /// <summary>Keys before norm and rotation [n, keyValueDim].</summary>
    public MatrixView RawKeys => _raw.SliceColumns(config.QueryDim, config.KeyValueDim);

    /// <summary>[n, keyValueDim]</summary>
    public MatrixView Values => _raw.SliceColumns(config.QueryDim + config.KeyValueDim, config.KeyValueDim);

    /// <summary>[n, queryDim]</summary>
    public MatrixView Queries => _rotated.SliceColumns(0, config.QueryDim);

    /// <summary>[n, keyValueDim]</summary>
    public MatrixView Keys => _rotated.SliceColumns(config.QueryDim, config.KeyValueDim);
}
