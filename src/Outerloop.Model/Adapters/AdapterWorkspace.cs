using Outerloop.Model.Kernels;

namespace Outerloop.Model.Adapters;

/// <summary>A worker's memory for the adapters of one sequence; it grows to the largest asked for.</summary>
internal sealed class AdapterWorkspace
{
    private FloatBuffer _reduced = new(0), _wide = new(0), _discarded = new(0);

    /// <summary>What the sequence's dropout masks follow from; null outside of training.</summary>
    public ulong? DropoutKey { get; set; }

    /// <summary>[rows, rank]</summary>
    public MatrixView Reduced(int rows, int rank) => Room(ref _reduced, rows, rank);

    /// <summary>[rows, the projection's inputs]</summary>
    public MatrixView Wide(int rows, int inputs) => Room(ref _wide, rows, inputs);

    /// <summary>Where gradients go that nobody wants: those of a frozen base's norms [width].</summary>
    public MatrixView Discarded(int width) => Room(ref _discarded, 1, width);

    private static MatrixView Room(ref FloatBuffer buffer, int rows, int columns)
    {
        int length = checked(rows * columns);
        if (buffer.Length < length)
            buffer = new FloatBuffer(length);
        return buffer.Matrix(rows, columns);
    }
}
