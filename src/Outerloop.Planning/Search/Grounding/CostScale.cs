using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Search.Grounding;

/// <summary>Makes costs whole numbers by a power of ten that is the same for all.</summary>
internal static class CostScale
{
    /// <summary>Sums along a plan then stay far from overflow.</summary>
    private const int Greatest = 10_000_000;

    private static readonly long[] Scales = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

    /// <summary>The costs as whole numbers; null where one is negative, too large, or has too many decimals.</summary>
    public static int[]? Scale(IReadOnlyList<Number> costs)
    {
        var distinct = costs.Distinct().ToArray();
        foreach (var scale in Scales)
        {
            if (Array.TrueForAll(distinct, c => TryScale(c, scale, out _)))
                return [.. costs.Select(c => TryScale(c, scale, out var whole) ? whole : throw new InvalidOperationException("costs must scale alike"))];
        }

        return null;
    }

    private static bool TryScale(Number cost, long scale, out int whole)
    {
        var scaled = cost * Number.Of(scale);
        whole = scaled < Number.Zero || scaled > Number.Of(Greatest) ? -1 : (int)scaled.ToDouble();
        return whole >= 0 && Number.Of(whole) == scaled;
    }
}
