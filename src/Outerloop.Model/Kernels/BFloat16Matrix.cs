using System.Runtime.InteropServices;

namespace Outerloop.Model.Kernels;

/// <summary>
/// A row-major weight [outputs, inputs] in bfloat16 somewhere in memory, without gaps. The view does not own the memory;
/// whoever makes one keeps it in place.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct BFloat16Matrix(ushort* data, int outputs, int inputs)
{
    public int Outputs { get; } = outputs;

    public int Inputs { get; } = inputs;

    public ushort* Row(int output) => data + ((nint)output * Inputs);

    public BFloat16Matrix SliceOutputs(int start, int count)
    {
        MatrixView.Check((uint)start <= (uint)Outputs && (uint)count <= (uint)(Outputs - start), "the outputs lie outside the weight");
        return new(Row(start), count, Inputs);
    }
}
