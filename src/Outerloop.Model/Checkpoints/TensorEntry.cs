using System.Collections.Immutable;

namespace Outerloop.Model.Checkpoints;

/// <summary>How a stored tensor's elements are coded; all little-endian.</summary>
public enum TensorType
{
    /// <summary>IEEE single precision, 4 bytes.</summary>
    F32,

    /// <summary>IEEE half precision, 2 bytes.</summary>
    F16,

    /// <summary>The upper half of an F32, 2 bytes.</summary>
    BF16,
}

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="Type">Coding of the elements.</param>
/// <param name="Shape">Extents, row-major; empty for a scalar.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">One past the last byte.</param>
public sealed record TensorEntry(string Name, TensorType Type, ImmutableArray<long> Shape, long Begin, long End)
{
    public int ElementSize => SizeOf(Type);

    public long Elements => (End - Begin) / ElementSize;

    public string ShapeText => FormatShape(Shape);

    internal static int SizeOf(TensorType type) => type is TensorType.F32 ? 4 : 2;

    internal static string FormatShape(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
