namespace Outerloop.Model.Kernels.Emitted;

/// <summary>The routines of <see cref="RowDotBlocks"/>; their argument is a <see cref="RowDotJob"/>.</summary>
internal sealed class RowDotRoutines(byte[] code, int[,] blocks, int[] passes, int[] linePasses)
{
    public byte[] Code => code;

    /// <summary>The routine for so many rows of x and of w.</summary>
    public int Block(int rows, int outputs) => blocks[rows, outputs];

    /// <summary>The routine for so many rows of x and any number of rows of w, one after the other.</summary>
    public int Pass(int rows) => passes[rows];

    /// <summary>
    /// The same where a block of w begins within a cache line: it takes whole lines, one more than there are rounds, of which
    /// the last is also the first of the block behind it. Rows of x have the distance from the line's beginning too.
    /// </summary>
    public int LinePass(int rows) => linePasses[rows];
}
