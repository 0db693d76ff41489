namespace Outerloop.Model.Sampling;

/// <summary>
/// Applies a <see cref="TokenFilter"/> to unnormalised probabilities, of which the largest is 1; one worker's scratch
/// memory. All three cuts keep a prefix of the tokens in descending order, so that only as much of that order is made as
/// they need.
/// </summary>
internal sealed class WeightFilter(int vocabulary)
{
    /// <summary>Where the search for the likeliest tokens begins, and by how much it goes on, relative to the likeliest.</summary>
    private const float FirstThreshold = 1e-2f, Lowering = 1e-3f;

    private readonly (float Weight, int Token)[] _sorted = new (float, int)[vocabulary];
    private int _count;
    private float _threshold;

    /// <summary>Sets the weight of every token that the filter excludes to 0.</summary>
    /// <param name="filter">Valid; see <see cref="TokenFilter.Problem"/>.</param>
    /// <param name="weights">[vocabulary], the largest of them 1.</param>
    /// <param name="total">Their sum.</param>
    /// <returns>The sum of what is left, in ascending order of ids.</returns>
    public double Apply(TokenFilter filter, Span<float> weights, double total)
    {
        if (filter is { TopK: 0, TopP: 1, MinP: 0 })
            return total;
        Sort(weights, FirstThreshold);
        int kept = filter.TopK == 0 ? weights.Length : Math.Min(filter.TopK, weights.Length);
        if (filter.TopP < 1)
            kept = Math.Min(kept, Nucleus(filter, weights, total));
        Require(weights, kept, filter.MinP);
        kept = Math.Min(kept, _count);
        while (kept > 1 && _sorted[kept - 1].Weight < filter.MinP)
            kept--;
        return Keep(weights, _sorted[kept - 1]);
    }

    /// <summary>How many of the likeliest tokens reach the filter's share of what top-k leaves.</summary>
    private int Nucleus(TokenFilter filter, ReadOnlySpan<float> weights, double total)
    {
        int limit = weights.Length;
        if (filter.TopK > 0)
        {
            Require(weights, filter.TopK, least: 0);
            limit = Math.Min(filter.TopK, _count);
            total = 0;
            for (int i = 0; i < limit; i++)
                total += _sorted[i].Weight;
        }

        double wanted = filter.TopP * total, reached = 0;
        for (int kept = 0; kept < limit; kept++)
        {
            Require(weights, kept + 1, least: 0);
            if (kept == _count)
                return kept;
            reached += _sorted[kept].Weight;
            if (reached >= wanted)
                return kept + 1;
        }

        return limit;
    }

    /// <summary>Sorts on until so many tokens are there, or all that weigh at least <paramref name="least"/> (and more than 0).</summary>
    private void Require(ReadOnlySpan<float> weights, int count, float least)
    {
        while (_count < count && _threshold > Math.Max(least, float.Epsilon))
            Sort(weights, Math.Max(float.Epsilon, _threshold * Lowering));
    }

    /// <summary>All tokens from a weight on, the heaviest first.</summary>
    private void Sort(ReadOnlySpan<float> weights, float threshold)
    {
        (_count, _threshold) = (0, threshold);
        for (int token = 0; token < weights.Length; token++)
        {
            if (weights[token] >= threshold)
                _sorted[_count++] = (weights[token], token);
        }

        _sorted.AsSpan(0, _count).Sort(static (a, b) => a.Weight == b.Weight ? a.Token.CompareTo(b.Token) : b.Weight.CompareTo(a.Weight));
    }

    private static double Keep(Span<float> weights, (float Weight, int Token) last)
    {
        double total = 0;
        for (int token = 0; token < weights.Length; token++)
        {
            float weight = weights[token];
            if (weight < last.Weight || (weight == last.Weight && token > last.Token))
                weights[token] = 0;
            else
                total += weight;
        }

        return total;
    }
}
