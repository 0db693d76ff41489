namespace Outerloop.Planning.Search.Invariants;

/// <summary>A symmetric relation between facts: a row of bits for each. A fact paired with itself is possible at all.</summary>
internal sealed class FactPairs(int facts)
{
    private readonly int words = (facts + 63) >> 6;
    private readonly ulong[] bits = new ulong[facts * ((facts + 63) >> 6)];

    public int Facts => facts;

    /// <summary>The length of a row.</summary>
    public int Words => words;

    /// <summary>The partners of a fact.</summary>
    public ReadOnlySpan<ulong> this[int fact] => bits.AsSpan(fact * words, words);

    public void Add(int left, int right)
    {
        bits[(left * words) + (right >> 6)] |= 1UL << right;
        bits[(right * words) + (left >> 6)] |= 1UL << left;
    }

    /// <summary>Leaves of the set what is a partner of all the facts.</summary>
    public void Intersect(Span<ulong> set, int[] facts)
    {
        foreach (var fact in facts)
        {
            var partners = this[fact];
            for (var word = 0; word < partners.Length; word++)
                set[word] &= partners[word];
        }
    }
}
