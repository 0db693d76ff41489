using Outerloop.Model.Kernels;

namespace Outerloop.Model.Decoder;

/// <summary>A bfloat16 weight that is read where it lies, or several whose outputs stand side by side.</summary>
internal sealed class BFloat16Projection(params BFloat16Matrix[] parts) : IProjection
{
    public void Multiply(KernelSet kernels, MatrixView x, MatrixView y, bool accumulate = false)
    {
        int first = 0;
        foreach (BFloat16Matrix part in parts)
        {
            kernels.Multiply(x, part, y.SliceColumns(first, part.Outputs), accumulate);
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
}
