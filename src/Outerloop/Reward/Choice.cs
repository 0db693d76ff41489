namespace Outerloop.Reward;

/// <summary>One of several alternatives was taken.</summary>
/// <param name="Rows">[alternatives][features], at least two alternatives.</param>
/// <param name="Taken">Which.</param>
internal sealed record Choice(double[][] Rows, int Taken)
{
    /// <summary>
    /// Each kept offer was taken before every offer that was not kept: one choice where one is kept. Given the others that
    /// are kept, that is the likelihood of a logistic rule whatever the number kept.
    /// </summary>
    /// <param name="nothing">Features of keeping nothing, where that is an alternative; then one offer is kept at most.</param>
    public static IEnumerable<Choice> Among(IReadOnlyList<Offer> offers, Func<Offer, double[]> features, double[]? nothing = null)
    {
        double[][] rejected = [.. offers.Where(offer => !offer.Kept).Select(features), .. nothing is null ? (double[][])[] : [nothing]];
        IEnumerable<double[]> kept = offers.Where(offer => offer.Kept).Select(features);
        if (rejected.Length == 0)
            return [];
        return nothing is null || offers.Any(offer => offer.Kept)
            ? kept.Select(row => new Choice([row, .. rejected], 0))
            : [new Choice(rejected, rejected.Length - 1)];
    }
}
