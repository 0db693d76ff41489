using System.Runtime.InteropServices;

namespace Outerloop.Model.Kernels.Emitted;

/// <summary>
/// The argument of a block routine, which reads it from memory: y[r, c] (+)= Σ_k a[r, k]·b[k, c], a and b in bf16, y in
/// floats. Distances are in bytes.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BlockJob
{
    /// <summary>Bytes between rows of a, whose steps lie side by side: a constant of the code. Odd in cache lines, so that rows fall into different sets.</summary>
    public const int ARow = (2 * LongestSum) + 64;

    /// <summary>Steps of a sum that fit into a row of a.</summary>
    public const int LongestSum = 512;

    public const int OffsetOfA = 0, OffsetOfB = 8, OffsetOfY = 16, OffsetOfRounds = 24, OffsetOfBRow = 32, OffsetOfYRow = 40, OffsetOfAStep = 48;

    /// <summary>[rows][steps] of bf16; [steps / 2][rows][2] for a routine that takes a on its side.</summary>
    public void* A;

    /// <summary>[steps / 2][columns][2] of bf16: the layout of <see cref="BFloat16Pairs"/>.</summary>
    public void* B;

    /// <summary>[rows][columns] of float.</summary>
    public float* Y;

    /// <summary>Rounds of the routine's loop, at least one; each takes <see cref="BlockRoutines.RoundPairs"/> pairs of steps.</summary>
    public nint Rounds;

    /// <summary>Between rows of b, each of which is a pair of steps.</summary>
    public nint BRow;

    /// <summary>Between rows of y.</summary>
    public nint YRow;

    /// <summary>Between pairs of steps of an a on its side.</summary>
    public nint AStep;
}
