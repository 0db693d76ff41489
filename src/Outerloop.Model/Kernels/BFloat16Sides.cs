using System.Runtime.InteropServices;
using Outerloop.Model.Kernels.Emitted;

namespace Outerloop.Model.Kernels;

/// <summary>The left side of a product in bf16: upright, the pairs of a row side by side, or aside, [pairs][rows].</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct LeftPairs
{
    /// <summary>Pairs from one row to the next of an upright side.</summary>
    public const int RowPairs = BlockJob.ARow / sizeof(uint);

    private readonly uint* _data;
    private readonly int _row;

    private LeftPairs(uint* data, int row, int step)
    {
        _data = data;
        _row = row;
        Step = step;
    }

    /// <summary>From one pair of steps to the next.</summary>
    public nint Step { get; }

    public bool IsAside => _row == 1;

    public static LeftPairs Upright(uint* data) => new(data, RowPairs, 1);

    /// <param name="data">The first pair of the first row.</param>
    /// <param name="stride">From one pair of steps to the next.</param>
    public static LeftPairs Aside(uint* data, int stride) => new(data, 1, stride);

    public uint* Row(int row) => _data + ((nint)row * _row);
}

/// <summary>The right side [pairs][columns] of a product in bf16, its pairs of steps <paramref name="width"/> apart.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct RightPairs(uint* data, int width)
{
    public uint* Data { get; } = data;

    public int Width { get; } = width;
}
