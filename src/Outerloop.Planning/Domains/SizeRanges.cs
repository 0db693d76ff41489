using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Outerloop.Planning.Domains;

/// <summary>An inclusive range of sizes.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SizeRange(int Min, int Max)
{
    public int Draw(Random random) => random.Next(Min, Max + 1);

    public override string ToString() => Min == Max ? $"{Min}" : $"{Min}-{Max}";
}

/// <summary>A size that a generator can be asked for, with the ranges that it has by default.</summary>
/// <param name="Name">As options name it, e.g. <c>blocks</c>.</param>
/// <param name="Description">What is counted.</param>
/// <param name="Pool">The range of tasks to learn from.</param>
/// <param name="Larger">The range of tasks beyond the pool, for measuring extrapolation.</param>
/// <param name="Smallest">The least size for which a task exists.</param>
public sealed record SizeParameter(string Name, string Description, SizeRange Pool, SizeRange Larger, int Smallest = 1);

/// <summary>Ranges by parameter name. A parameter that is not named takes its pool range.</summary>
public sealed record SizeRanges(ImmutableSortedDictionary<string, SizeRange> Ranges)
{
    public static readonly SizeRanges Default = new(ImmutableSortedDictionary.Create<string, SizeRange>(StringComparer.Ordinal));

    public static SizeRanges Pool(IEnumerable<SizeParameter> parameters) =>
        parameters.Aggregate(Default, (sizes, p) => sizes.With(p.Name, p.Pool));

    public static SizeRanges Larger(IEnumerable<SizeParameter> parameters) =>
        parameters.Aggregate(Default, (sizes, p) => sizes.With(p.Name, p.Larger));

    public SizeRanges With(string parameter, int min, int max) => With(parameter, new SizeRange(min, max));

    public SizeRanges With(string parameter, SizeRange range) => new(Ranges.SetItem(parameter, range));

    /// <summary>Draws the size of a parameter uniformly from its range.</summary>
    public int Draw(SizeParameter parameter, Random random)
    {
        var range = Ranges.GetValueOrDefault(parameter.Name, parameter.Pool);
        if (range.Min < parameter.Smallest || range.Max < range.Min)
            throw new ArgumentException($"the range {range} of '{parameter.Name}' must lie at or above {parameter.Smallest} and not be empty", nameof(parameter));
        return range.Draw(random);
    }

    public override string ToString() => string.Join(", ", Ranges.Select(r => $"{r.Key} {r.Value}"));
}
