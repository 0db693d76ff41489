using System.Runtime.CompilerServices;

namespace Outerloop.Model.Kernels;

/// <summary>
/// Memory for kernels: aligned to a cache line, at a fixed address, zero at first, and readable for a vector past its end.
/// It lives in the pinned part of the garbage-collected heap: whoever uses <see cref="Data"/> keeps the buffer reachable meanwhile.
/// </summary>
internal sealed unsafe class FloatBuffer
{
    private const int CacheLineFloats = 16;

    private readonly float[] _array;

    public FloatBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _array = GC.AllocateArray<float>(length + (2 * CacheLineFloats), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref _array[0]);
        nuint bytes = CacheLineFloats * sizeof(float);
        Data = (float*)((address + bytes - 1) / bytes * bytes);
    }

    public int Length { get; }

    public float* Data { get; }

    public Span<float> Span => new(Data, Length);

    /// <summary>The first rows × columns floats as a dense matrix.</summary>
    public MatrixView Matrix(int rows, int columns)
    {
        MatrixView.Check((long)rows * columns <= Length, $"{rows} × {columns} floats do not fit into a buffer of {Length}");
        return new MatrixView(Data, rows, columns, columns);
    }
}
