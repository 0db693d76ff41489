namespace Outerloop.Reward;

/// <summary>One of several alternatives was taken.</summary>
/// <param name="Rows">[alternatives][features], at least two alternatives.</param>
/// <param name="Taken">Which.</param>
internal sealed record Choice(double[][] Rows, int Taken)
{
    /// <summary>[alternatives]: how many there are of each, alike in all features.</summary>
    public IReadOnlyList<int> Times { get; init; } = [.. Rows.Select(_ => 1)];

    /// <summary>
    /// Each kept offer was taken before every offer that was not kept: one choice where one is kept. Given the others that
    /// are kept, that is the likelihood of a logistic rule whatever the number kept.
    /// </summary>
    /// <param name="nothing">Features of keeping nothing, where that is an alternative; then one offer is kept at most.</param>
    public static IEnumerable<Choice> Among(IReadOnlyList<Offer> offers, Func<Offer, double[]> features, double[]? nothing = null)
    {
        double[][] kept = [.. offers.Where(offer => offer.Kept).Select(features)];
        if (kept.Length == 0 && nothing is null)
            return [];
        IEnumerable<double[]> others = [.. offers.Where(offer => !offer.Kept).Select(features), .. nothing is null ? (double[][])[] : [nothing]];
        (double[] Row, int Times)[] rejected = [.. others.CountBy(row => row, SameRow.Instance).Select(row => (row.Key, row.Value))];
        if (rejected.Length == 0)
            return [];
        double[][] rows = [.. rejected.Select(row => row.Row)];
        int[] times = [.. rejected.Select(row => row.Times)];
        return kept.Length > 0
            ? kept.Select(row => new Choice([row, .. rows], 0) { Times = [1, .. times] })
            : [new Choice(rows, rows.Length - 1) { Times = times }];
    }

    /// <summary>Compares rows by their values.</summary>
    private sealed class SameRow : IEqualityComparer<double[]>
    {
        public static SameRow Instance { get; } = new();

        public bool Equals(double[]? left, double[]? right) => left.AsSpan().SequenceEqual(right);

        public int GetHashCode(double[] row)
        {
            var hash = default(HashCode);
            foreach (double value in row)
                hash.Add(value);
            return hash.ToHashCode();
        }
    }
}
