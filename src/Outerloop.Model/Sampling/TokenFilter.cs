namespace Outerloop.Model.Sampling;

/// <summary>
/// Which tokens may be drawn. The distribution at the request's temperature is cut in the order that transformers
/// documents: top-k, then top-p of what top-k left (renormalised), then min-p. Each cut keeps the most probable tokens,
/// the lower id first where two are equal, and at least one; what is left is renormalised.
/// </summary>
public sealed record TokenFilter
{
    /// <summary>Every token may be drawn.</summary>
    public static TokenFilter None { get; } = new();

    /// <summary>So many of the most probable tokens; 0 for all.</summary>
    public int TopK { get; init; }

    /// <summary>The fewest of the most probable tokens whose probabilities reach this sum; 1 for all.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Tokens at least so probable relative to the most probable one; 0 for all.</summary>
    public float MinP { get; init; }

    /// <summary>What is wrong with the numbers, or null.</summary>
    internal string? Problem => this switch
    {
        { TopK: < 0 } => $"top-k {TopK} is negative",
        _ when !(TopP > 0 && TopP <= 1) => $"top-p {TopP} is not in (0, 1]",
        _ when !(MinP >= 0 && MinP <= 1) => $"min-p {MinP} is not in [0, 1]",
        _ => null,
    };
}
