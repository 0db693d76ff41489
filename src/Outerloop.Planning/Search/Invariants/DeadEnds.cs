using System.Numerics;

namespace Outerloop.Planning.Search.Invariants;

/// <summary>Pairs of facts that hold together in no state from which the goal can be reached.</summary>
internal sealed class DeadEnds
{
    private readonly ulong[] involved; // facts with fatal partners
    private readonly ulong[]?[] fatal; // by fact

    /// <param name="reachable">Pairs that can hold in a state that is reached.</param>
    /// <param name="hopeful">Those of them that can hold in a state from which the goal is reached.</param>
    public DeadEnds(FactPairs reachable, FactPairs hopeful)
    {
        involved = new ulong[reachable.Words];
        fatal = new ulong[]?[reachable.Facts];
        for (var fact = 0; fact < fatal.Length; fact++)
        {
            var partners = reachable[fact].ToArray();
            for (var word = 0; word < partners.Length; word++)
                partners[word] &= ~hopeful[fact][word];
            if (!partners.AsSpan().ContainsAnyExcept(0UL))
                continue;
            fatal[fact] = partners;
            involved[fact >> 6] |= 1UL << fact;
        }
    }

    /// <summary>Whether a state met by a step from one without such a pair has one.</summary>
    /// <param name="before">Empty where all facts of the state are new.</param>
    public bool IsEntered(ReadOnlySpan<ulong> before, ReadOnlySpan<ulong> after)
    {
        for (var word = 0; word < involved.Length; word++)
        {
            var news = after[word] & involved[word] & ~(before.IsEmpty ? 0 : before[word]);
            for (; news != 0; news &= news - 1)
            {
                if (Meet(fatal[(word << 6) + BitOperations.TrailingZeroCount(news)]!, after))
                    return true;
            }
        }

        return false;
    }

    private static bool Meet(ulong[] partners, ReadOnlySpan<ulong> state)
    {
        for (var word = 0; word < partners.Length; word++)
        {
            if ((partners[word] & state[word]) != 0)
                return true;
        }

        return false;
    }
}
