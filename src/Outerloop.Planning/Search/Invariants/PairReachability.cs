using System.Numerics;

namespace Outerloop.Planning.Search.Invariants;

/// <summary>
/// Which facts can hold together, as far as pairs of facts tell: a fixpoint from the pairs given, where a step can be
/// taken once its needs can hold pairwise (h², Haslum and Geffner, AIPS 2000). What is not found is impossible.
/// </summary>
/// <param name="pairs">The pairs possible from the outset; the others are added to them.</param>
/// <param name="bound">Pairs outside of it are known to be impossible.</param>
internal sealed class PairReachability(FactPairs pairs, FactPairs? bound, PairStep[] steps, SearchLimits limits)
{
    private readonly ulong[] beside = new ulong[pairs.Words];
    private readonly ulong[] reached = ReachedIn(pairs);
    private readonly int[] changedAt = [.. Enumerable.Repeat(1, pairs.Facts)]; // by fact: when it last got a partner
    private readonly int[] takenAt = new int[steps.Length]; // 0 at first
    private int now = 1;

    /// <summary>By step, whether it can be taken.</summary>
    public bool[] IsPossible { get; } = new bool[steps.Length];

    public void Run()
    {
        bool isDone;
        do
        {
            isDone = true;
            for (var i = 0; i < steps.Length; i++)
            {
                limits.ThrowIfReached();
                if (!IsDue(i))
                    continue;
                takenAt[i] = now;
                Take(i);
                isDone = false;
            }
        }
        while (!isDone);
    }

    private bool IsDue(int index)
    {
        var needs = steps[index].Needs;
        foreach (var fact in needs)
        {
            if (changedAt[fact] > takenAt[index])
                return true;
        }

        return needs.Length == 0 && now > takenAt[index];
    }

    private void Take(int index)
    {
        var step = steps[index];
        reached.CopyTo(beside, 0);
        pairs.Intersect(beside, step.Needs);
        if (!Array.TrueForAll(step.Needs, IsBeside))
            return;
        IsPossible[index] = true;
        foreach (var fact in step.Unsets)
            beside[fact >> 6] &= ~(1UL << fact);
        foreach (var fact in step.Sets)
            beside[fact >> 6] |= 1UL << fact;
        bound?.Intersect(beside, step.Context);
        foreach (var fact in step.Sets)
        {
            if (IsBeside(fact))
                Combine(fact);
        }
    }

    private bool IsBeside(int fact) => (beside[fact >> 6] >> fact & 1) != 0;

    /// <summary>Pairs the fact with all that can hold beside it.</summary>
    private void Combine(int fact)
    {
        for (var word = 0; word < beside.Length; word++)
        {
            var partners = beside[word] & ~pairs[fact][word];
            if (bound is not null)
                partners &= bound[fact][word];
            if (partners == 0)
                continue;
            changedAt[fact] = ++now;
            for (; partners != 0; partners &= partners - 1)
            {
                var partner = (word << 6) + BitOperations.TrailingZeroCount(partners);
                pairs.Add(fact, partner);
                changedAt[partner] = now;
            }
        }

        reached[fact >> 6] |= 1UL << fact;
    }

    private static ulong[] ReachedIn(FactPairs pairs)
    {
        var facts = new ulong[pairs.Words];
        for (var fact = 0; fact < pairs.Facts; fact++)
            facts[fact >> 6] |= pairs[fact][fact >> 6] & 1UL << fact;
        return facts;
    }
}
