using System.Runtime.InteropServices;

namespace Outerloop.Model.Kernels.Emitted;

/// <summary>
/// The argument of a routine of <see cref="RowDotBlocks"/>: what the lanes of a vector sum of rows of x by rows of w, sums
/// [rows][outputs][16]. Distances are in bytes.
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

    /// <summary>[rows][steps] of bf16.</summary>
    public void* X;

    /// <summary>[outputs][steps] of bf16.</summary>
    public void* W;

    /// <summary>[rows][outputs][16] of float; side by side.</summary>
    public float* Sums;

    /// <summary>Rounds of the routine's loop, at least one.</summary>
    public nint Rounds;

    /// <summary>Between rows of w.</summary>
    public nint WRow;
}
