using System.Collections.Immutable;

namespace Outerloop.Model.Tokenization.BytePairs;

/// <summary>Two tokens that stand beside each other.</summary>
internal readonly record struct TokenPair(int Left, int Right)
{
    /// <summary>Seeded per process: a file cannot choose pairs that collide, as it could under the default mixture.</summary>
    public override int GetHashCode() => HashCode.Combine(Left, Right);
}

/// <summary>A pair of tokens and the token that takes its place.</summary>
internal readonly record struct Merge(TokenPair Pair, int Product);

/// <summary>The merges by rank: the lower, the earlier.</summary>
internal sealed class MergeTable
{
    private readonly Dictionary<TokenPair, int> _ranks;

    /// <exception cref="ArgumentException">A pair occurs twice.</exception>
    public MergeTable(ImmutableArray<Merge> merges)
    {
        Merges = merges;
        _ranks = new Dictionary<TokenPair, int>(merges.Length);
        for (int rank = 0; rank < merges.Length; rank++)
            _ranks.Add(merges[rank].Pair, rank);
    }

    public ImmutableArray<Merge> Merges { get; }

    /// <summary><see cref="int.MaxValue"/> for a pair that is not merged.</summary>
    public int Rank(int left, int right) => _ranks.TryGetValue(new TokenPair(left, right), out int rank) ? rank : int.MaxValue;

    public int Product(int rank) => Merges[rank].Product;
}
