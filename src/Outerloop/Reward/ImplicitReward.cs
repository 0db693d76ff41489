using System.Collections.Immutable;
using System.Globalization;
using Outerloop.Evaluation;

namespace Outerloop.Reward;

/// <summary>Estimates from what a curator kept what it likes.</summary>
internal static class ImplicitReward
{
    private const double Quantile95 = 1.959964;

    /// <summary>Part of a feature's variation that other features must leave unexplained.</summary>
    private const double LeastOwnPart = 1e-6;

    public static Choosing Of(int generation, IReadOnlyList<Offer> offers) => new(
        generation,
        offers.Count,
        offers.Count(offer => offer.IsValid),
        offers.Count(offer => offer.Kept),
        [.. Rates(offers)],
        Effects(offers));

    public static ImmutableArray<Drift> DriftOf(IReadOnlyList<Choosing> choices) =>
    [
        .. from feature in Offer.FeatureNames
           let known = choices.SelectMany(choice => choice.Effects.Where(effect => effect.Feature == feature.Name).Select(effect => (choice.Generation, effect))).ToList()
           where known.Count > 1
           select Between(feature.Name, known[0], known[^1]),
    ];

    private static Drift Between(string feature, (int Generation, Effect Effect) first, (int Generation, Effect Effect) last)
    {
        double change = last.Effect.LogOdds - first.Effect.LogOdds;
        double half = double.Hypot(last.Effect.High - last.Effect.Low, first.Effect.High - first.Effect.Low) / 2;
        return new Drift(feature, first.Generation, last.Generation, change, change - half, change + half);
    }

    private static IEnumerable<KeepRate> Rates(IReadOnlyList<Offer> offers)
    {
        Offer[] valid = [.. offers.Where(offer => offer.IsValid)];
        return
        [
            .. Rates("validity", offers, offer => (offer.IsValid ? 1 : 0, offer.IsValid ? "valid" : "not")),
            .. Rates("planLength", valid, offer => Doubling(offer.Trace.PlanSteps)),
            .. Rates("tokens", valid, offer => Doubling(offer.Trace.Tokens.Count)),
            .. Rates("difficulty", valid, offer => Quarter(offer.Difficulty)),
            .. Rates("generation", valid, offer => (offer.Trace.Id.Generation, Text($"{offer.Trace.Id.Generation}"))),
        ];
    }

    private static IEnumerable<KeepRate> Rates(string by, IEnumerable<Offer> offers, Func<Offer, (int Order, string Name)> cell) =>
        offers.GroupBy(cell).OrderBy(group => group.Key.Order).Select(group =>
        {
            (int all, int kept) = (group.Count(), group.Count(offer => offer.Kept));
            (double low, double high) = Wilson.Interval(kept, all);
            return new KeepRate(by, group.Key.Name, all, kept, (double)kept / all, low, high);
        });

    /// <summary>0, 1, 2-3, 4-7, 8-15, …</summary>
    private static (int Order, string Name) Doubling(int value)
    {
        int order = value == 0 ? 0 : 1 + int.Log2(value), from = value == 0 ? 0 : 1 << (order - 1);
        return (order, from < 2 ? Text($"{from}") : Text($"{from}-{(2 * from) - 1}"));
    }

    /// <summary>Quarters of the unit interval; 1 is a cell of its own for no valid trace has it.</summary>
    private static (int Order, string Name) Quarter(double share)
    {
        int order = Math.Min(3, (int)(4 * share));
        return (order, Text($"{25 * order}-{25 * (order + 1)} % fail"));
    }

    /// <summary>None where everything, or nothing, was kept.</summary>
    private static ImmutableArray<Effect> Effects(IReadOnlyList<Offer> offers)
    {
        if (offers.Count == 0 || offers.All(offer => offer.Kept == offers[0].Kept))
            return [];
        List<Column> columns = Independent([.. Offer.FeatureNames.Select((_, j) => Column.Of(j, offers))]);
        double[][] rows = [.. offers.Select((_, i) => (double[])[1, .. columns.Select(column => column.Values[i])])];
        LogisticFit fit = LogisticFit.Of(rows, [.. offers.Select(offer => offer.Kept ? 1.0 : 0)]);
        return [.. columns.Select((column, j) => Describe(column, fit.Coefficients[j + 1], fit.Errors[j + 1]))];
    }

    private static Effect Describe(Column column, double perDeviation, double error)
    {
        (string name, string unit) = Offer.FeatureNames[column.Feature];
        double half = Quantile95 * error;
        return new Effect(
            name, unit, perDeviation / column.Deviation, (perDeviation - half) / column.Deviation, (perDeviation + half) / column.Deviation, perDeviation);
    }

    /// <summary>The columns that are no combination of a constant and those before them.</summary>
    private static List<Column> Independent(Column[] columns)
    {
        var kept = new List<Column>();
        var basis = new List<double[]>();
        foreach (Column column in columns.Where(column => column.Deviation > 0))
        {
            double[] rest = [.. column.Values];
            foreach (double[] direction in basis)
                Project(rest, direction);
            double own = Math.Sqrt(rest.Sum(value => value * value));
            if (own < LeastOwnPart * Math.Sqrt(rest.Length))
                continue;
            basis.Add([.. rest.Select(value => value / own)]);
            kept.Add(column);
        }

        return kept;
    }

    private static void Project(double[] vector, double[] direction)
    {
        double part = vector.Zip(direction, (a, b) => a * b).Sum();
        for (int i = 0; i < vector.Length; i++)
            vector[i] -= part * direction[i];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A feature with mean 0 and deviation 1; <paramref name="Deviation"/> is the one that it had.</summary>
    private sealed record Column(int Feature, double Deviation, double[] Values)
    {
        public static Column Of(int feature, IReadOnlyList<Offer> offers)
        {
            double mean = offers.Average(offer => offer.Features[feature]);
            double deviation = Math.Sqrt(offers.Average(offer => Math.Pow(offer.Features[feature] - mean, 2)));
            double unit = deviation > 1e-12 * (1 + Math.Abs(mean)) ? deviation : 0;
            return new Column(feature, unit, [.. offers.Select(offer => unit == 0 ? 0 : (offer.Features[feature] - mean) / unit)]);
        }
    }
}
