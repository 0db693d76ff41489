using System.Runtime.InteropServices;

namespace Outerloop.Model.Kernels;

/// <summary>
/// A row-major matrix [rows, columns] somewhere in memory, its rows <see cref="Stride"/> floats apart. The view does not
/// own the memory; whoever makes one keeps it alive and in place (a <see cref="FloatBuffer"/>, or a fixed array).
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct MatrixView(float* data, int rows, int columns, int stride)
{
    public float* Data { get; } = data;

    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    /// <summary>Floats from one row to the next; at least <see cref="Columns"/>.</summary>
    public int Stride { get; } = stride;

    public float* Row(int row) => Data + ((nint)row * Stride);

    public Span<float> RowSpan(int row) => new(Row(row), Columns);

    public MatrixView SliceRows(int start, int count)
    {
        Check((uint)start <= (uint)Rows && (uint)count <= (uint)(Rows - start), "the rows lie outside the matrix");
        return new(Row(start), count, Columns, Stride);
    }

    public MatrixView SliceColumns(int start, int count)
    {
        Check((uint)start <= (uint)Columns && (uint)count <= (uint)(Columns - start), "the columns lie outside the matrix");
        return new(Data + start, Rows, count, Stride);
    }

    /// <summary>Throws when a kernel is called with matrices whose shapes do not fit.</summary>
    public static void Check(bool fits, string message)
    {
        if (!fits)
            throw new InvalidOperationException(message);
    }
}
