using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>Ranges by parameter name. A parameter that is not named takes its pool range.</summary>
public sealed record SizeRanges(ImmutableSortedDictionary<string, SizeRange> Ranges)
{
    public static readonly SizeRanges Default = new(ImmutableSortedDictionary.Create<string, SizeRange>(StringComparer.Ordinal));

    public static SizeRanges Of(IEnumerable<SizeParameter> parameters, Difficulty difficulty) =>
        parameters.Aggregate(Default, (sizes, p) => sizes.With(p.Name, p.Of(difficulty)));

    public SizeRanges With(string parameter, int min, int max) => With(parameter, new SizeRange(min, max));

    public SizeRanges With(string parameter, SizeRange range) => new(Ranges.SetItem(parameter, range));

    /// <summary>Draws the size of a parameter uniformly from its range.</summary>
    /// <exception cref="ImpossibleSizesException">The range is empty or reaches below the smallest task.</exception>
    public int Draw(SizeParameter parameter, Random random)
    {
        var range = Ranges.GetValueOrDefault(parameter.Name, parameter.Pool);
        if (range.Min < parameter.Smallest || range.Max < range.Min)
            throw new ImpossibleSizesException($"the range {range} of '{parameter.Name}' must lie at or above {parameter.Smallest} and not be empty");
        return range.Draw(random);
    }

    public override string ToString() => string.Join(", ", Ranges.Select(r => $"{r.Key} {r.Value}"));
}
