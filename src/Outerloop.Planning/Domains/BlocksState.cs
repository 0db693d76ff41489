using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Outerloop.Planning.Domains;

/// <summary>An arrangement of blocks with an empty hand: what each block stands on.</summary>
/// <param name="Support">For each block the index of the block beneath it, or <see cref="Table"/>.</param>
public sealed record BlocksState(ImmutableArray<int> Support)
{
    public const int Table = -1;

    public int Count => Support.Length;

    /// <summary>For each block the index of the block on top of it, or -1 where it is clear.</summary>
    public ImmutableArray<int> Above()
    {
        var above = Enumerable.Repeat(-1, Count).ToArray();
        for (var block = 0; block < Count; block++)
        {
            if (Support[block] != Table)
                above[Support[block]] = block;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(above);
    }

    public bool IsOnTable(int block) => Support[block] == Table;

    public bool IsClear(int block) => !Support.Contains(block);

    /// <summary>All blocks, tower by tower, each from its top.</summary>
    public IEnumerable<int> FromTop()
    {
        foreach (var top in Enumerable.Range(0, Count).Where(IsClear))
        {
            for (var block = top; block != Table; block = Support[block])
                yield return block;
        }
    }

    /// <summary>Whether every block that stands on another one in <paramref name="goal"/> does so here.</summary>
    public bool Satisfies(BlocksState goal)
    {
        for (var block = 0; block < Count; block++)
        {
            if (!goal.IsOnTable(block) && goal.Support[block] != Support[block])
                return false;
        }

        return true;
    }

    public bool Equals(BlocksState? other) => other is not null && Support.SequenceEqual(other.Support);

    public override int GetHashCode() => Support.Aggregate(Count, HashCode.Combine);
}
