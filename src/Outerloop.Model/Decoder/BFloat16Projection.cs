using Outerloop.Model.Kernels;

namespace Outerloop.Model.Decoder;

/// <summary>A bfloat16 weight that is read where it lies, or several whose outputs stand side by side.</summary>
internal sealed class BFloat16Projection(ProductTeam team, params BFloat16Matrix[] parts) : IProjection
{
    /// <summary>Multiplications below which a share is done before its helper is awake.</summary>
    private const long WorthSharing = 1 << 18;

    /// <summary>Shares begin at a multiple of this, so that but for the last they are whole groups of outputs.</summary>
    private const int Granule = 16;

    public void Multiply(KernelSet kernels, MatrixView x, MatrixView y, bool accumulate = false)
    {
        int first = 0;
        foreach (BFloat16Matrix part in parts)
        {
            MatrixView target = y.SliceColumns(first, part.Outputs);
            if ((long)x.Rows * part.Outputs * part.Inputs < WorthSharing || !TryShare(kernels, x, part, target, accumulate))
                kernels.Multiply(x, part, target, accumulate);
            first += part.Outputs;
        }
    }

    /// <summary>Row t of the first weight for each token t, widened.</summary>
    public unsafe void Embed(ReadOnlySpan<int> tokens, MatrixView rows)
    {
        for (int row = 0; row < tokens.Length; row++)
        {
            ushort* from = parts[0].Row(tokens[row]);
            Span<float> to = rows.RowSpan(row);
            for (int i = 0; i < to.Length; i++)
                to[i] = BFloat16.Widen(from[i]);
        }
    }

    private bool TryShare(KernelSet kernels, MatrixView x, BFloat16Matrix weight, MatrixView y, bool accumulate)
    {
        int Start(int share) => share == team.Shares ? weight.Outputs : (int)((long)weight.Outputs * share / team.Shares / Granule * Granule);
        return team.TryRun(share =>
        {
            int start = Start(share), count = Start(share + 1) - start;
            if (count > 0)
                kernels.Multiply(x, weight.SliceOutputs(start, count), y.SliceColumns(start, count), accumulate);
        });
    }
}
