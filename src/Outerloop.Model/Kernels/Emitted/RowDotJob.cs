using System.Runtime.InteropServices;

namespace Outerloop.Model.Kernels.Emitted;

/// <summary>
/// The argument of a routine of <see cref="RowDotBlocks"/>: what the lanes of a vector sum of rows of x by rows of w.
/// Distances are in bytes.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RowDotJob
{
    /// <summary>Steps of a sum that fit into a row of x.</summary>
    public const int LongestSum = 1024;

    /// <summary>Bytes between rows of x: a constant of the code. Odd in cache lines, so that rows fall into different sets.</summary>
    public const int XRow = (2 * LongestSum) + 64;

    /// <summary>Steps that a round takes.</summary>
    public const int RoundSteps = 32;

    public const int OffsetOfX = 0, OffsetOfW = 8, OffsetOfSums = 16, OffsetOfRounds = 24, OffsetOfWRow = 32;

    public const int OffsetOfOutputs = 40, OffsetOfBlocks = 48, OffsetOfXBlock = 56, OffsetOfMasks = 64;

    /// <summary>[rows][steps] of bf16; of a pass, [blocks][rows][steps].</summary>
    public void* X;

    /// <summary>[outputs][steps] of bf16; of a pass, [outputs][blocks][steps].</summary>
    public void* W;

    /// <summary>Of a block [rows][outputs][16] of float, of a pass [outputs][blocks][rows][16]; side by side.</summary>
    public float* Sums;

    /// <summary>Rounds of a sum, at least one.</summary>
    public nint Rounds;

    /// <summary>Of a block: between rows of w. Of a pass: from where a row of w ends to where the next begins.</summary>
    public nint WRow;

    /// <summary>Rows of w of a pass, at least one.</summary>
    public nint Outputs;

    /// <summary>Sums of a row of w, at least one; of a pass.</summary>
    public nint Blocks;

    /// <summary>From where a block of the first row of x ends to where the next begins; of a pass.</summary>
    public nint XBlock;

    /// <summary>
    /// Two vectors, of a pass by whole lines: what of the first line of a block belongs to it, and what of the last.
    /// </summary>
    public void* Masks;
}
