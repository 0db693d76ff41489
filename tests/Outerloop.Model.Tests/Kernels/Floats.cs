using Outerloop.Model.Kernels;

namespace Outerloop.Model.Tests.Kernels;

/// <summary>A small random matrix that the kernels can point at.</summary>
internal sealed class Floats
{
    private readonly FloatBuffer _buffer;

    public Floats(int rows, int columns, ulong seed, float scale = 1f)
    {
        _buffer = new FloatBuffer(rows * columns);
        View = _buffer.Matrix(rows, columns);
        var random = new SplitMix64(seed);
        foreach (ref float value in _buffer.Span)
            value = scale * random.NextNormal();
    }

    public MatrixView View { get; }

    public Span<float> Span => _buffer.Span;

    public unsafe float* Data => _buffer.Data;

    public float this[int row, int column] => Span[(row * View.Columns) + column];

    public Floats Clone()
    {
        var copy = new Floats(View.Rows, View.Columns, 0);
        Span.CopyTo(copy.Span);
        return copy;
    }
}

internal static class MatrixViewExtensions
{
    public static float[] Values(this MatrixView view)
    {
        var values = new List<float>();
        for (int row = 0; row < view.Rows; row++)
            values.AddRange(view.RowSpan(row).ToArray());
        return [.. values];
    }
}
