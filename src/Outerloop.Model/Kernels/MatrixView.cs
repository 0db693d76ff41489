using System.Runtime.CompilerServices;
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

    public void Clear()
    {
        for (int row = 0; row < Rows; row++)
            RowSpan(row).Clear();
    }

    /// <summary>Throws when a kernel is called with matrices whose shapes do not fit.</summary>
    public static void Check(bool fits, string message)
    {
        if (!fits)
            throw new InvalidOperationException(message);
    }

    /// <inheritdoc cref="Check(bool, string)"/>
    public static void Check(bool fits, [InterpolatedStringHandlerArgument(nameof(fits))] ref ShapeMessage message)
    {
        if (!fits)
            throw new InvalidOperationException(message.ToString());
    }
}

/// <summary>The message of a failed check; nothing is formatted while the shapes fit.</summary>
[InterpolatedStringHandler]
[StructLayout(LayoutKind.Auto)]
internal ref struct ShapeMessage
{
    private DefaultInterpolatedStringHandler _text;

    public ShapeMessage(int literalLength, int formattedCount, bool fits, out bool wanted)
    {
        wanted = !fits;
        _text = fits ? default : new DefaultInterpolatedStringHandler(literalLength, formattedCount);
    }

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public override string ToString() => _text.ToStringAndClear();
}
