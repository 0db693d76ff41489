namespace Outerloop.Model.Kernels.Emitted;

/// <summary>The routines of <see cref="RowDotBlocks"/>; their argument is a <see cref="RowDotJob"/>.</summary>
internal sealed class RowDotRoutines(byte[] code, int[,] blocks)
{
    public byte[] Code => code;

    /// <summary>The routine for so many rows of x and of w.</summary>
    public int Block(int rows, int outputs) => blocks[rows, outputs];
}
