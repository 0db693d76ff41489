using System.Runtime.InteropServices;

namespace Outerloop.Model.Kernels.Emitted;

/// <summary>The argument of the routine that rounds rows of floats to an upright left side. Distances are in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PackJob
{
    /// <summary>Floats that a round takes.</summary>
    public const int RoundFloats = 32;

    public const int OffsetOfSource = 0, OffsetOfTarget = 8, OffsetOfRounds = 16, OffsetOfRows = 24, OffsetOfSourceRow = 32;

    public float* Source;

    /// <summary>Rows are <see cref="BlockJob.ARow"/> apart.</summary>
    public void* Target;

    /// <summary>Rounds of a row, at least one.</summary>
    public nint Rounds;

    /// <summary>At least one.</summary>
    public nint Rows;

    /// <summary>Between rows of the source.</summary>
    public nint SourceRow;
}
