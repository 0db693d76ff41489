using System.Collections.Immutable;

namespace Outerloop.Model.Adapters;

/// <summary>
/// Low-rank adaptation (Hu et al., 2021): a projection's weight W stays as it is, and y = W·x + (α/r)·B·A·dropout(x) with
/// A [r, in] and B [out, r] is trained.
/// </summary>
public sealed record LoraOptions
{
    /// <summary>r, at least 1.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>α</summary>
    public double Alpha { get; init; } = 32;

    /// <summary>Share of the inputs of A that each training step sets to 0; from 0 to below 1.</summary>
    public double Dropout { get; init; } = 0.05;

    public ImmutableArray<Projection> Targets { get; init; } = Projections.All;
}
