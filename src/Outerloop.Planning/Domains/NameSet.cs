using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>
/// The names for one kind of object: a fixed number of them, more than most tasks need, so that a name says nothing about
/// the size of its task and a model with a fixed vocabulary knows them all.
/// </summary>
/// <param name="Stem">What the names begin with, before the number.</param>
/// <param name="Size">How many names there are.</param>
public sealed record NameSet(string Stem, int Size)
{
    public ImmutableArray<string> Names { get; } = [.. Numbered(Stem, Size)];

    /// <summary>Different names in random order. A task of more objects than the set has names takes further numbers.</summary>
    public ImmutableArray<string> Draw(int count, Random random)
    {
        var names = Numbered(Stem, Math.Max(Size, count)).ToArray();
        random.Shuffle(names);
        return [.. names.AsSpan(0, count)];
    }

    private static IEnumerable<string> Numbered(string stem, int count) => Enumerable.Range(1, count).Select(i => $"{stem}{i}");
}
