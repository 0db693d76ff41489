namespace Outerloop.Model.Kernels;

/// <summary>How a <see cref="PackedMatrix"/> holds its numbers.</summary>
internal enum PackedFormat
{
    /// <summary>Floats: a row of a panel is one step of the sum.</summary>
    Single,

    /// <summary>Pairs of bf16: a row of a panel is two steps; see <see cref="BFloat16Pairs"/>.</summary>
    BFloat16Pairs,
}
