using System.Collections.Immutable;

namespace Outerloop.Reward;

/// <summary>How one feature of the alternatives counts in choices.</summary>
/// <param name="Feature">Its column.</param>
/// <param name="PerDeviation">Log-odds per standard deviation of the feature within a choice.</param>
/// <param name="Error">The standard error of that.</param>
internal sealed record Preference(int Feature, double Deviation, double PerDeviation, double Error)
{
    /// <summary>Part of a feature's variation that other features must leave unexplained.</summary>
    private const double LeastOwnPart = 1e-6;

    /// <summary>
    /// Of the features that differ within choices. One that is a combination of those before it says nothing of its own, and
    /// is left out.
    /// </summary>
    public static ImmutableArray<Preference> Of(IReadOnlyList<Choice> choices)
    {
        if (choices.Count == 0)
            return [];
        List<Column> columns = Independent(choices[0].Rows[0].Select((_, feature) => Column.Of(feature, choices)));
        if (columns.Count == 0)
            return [];
        ChoiceFit fit = ChoiceFit.Of([.. choices.Select(choice => choice with
        {
            Rows = [.. choice.Rows.Select(row => columns.Select(column => row[column.Feature] / column.Deviation).ToArray())],
        })]);
        return [.. columns.Select((column, j) => new Preference(column.Feature, column.Deviation, fit.Coefficients[j], fit.Errors[j]))];
    }

    private static List<Column> Independent(IEnumerable<Column> columns)
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

    /// <summary>A feature less its mean within each choice, in units of its deviation; that is 0 where it never differs.</summary>
    private sealed record Column(int Feature, double Deviation, double[] Values)
    {
        public static Column Of(int feature, IReadOnlyList<Choice> choices)
        {
            double largest = choices.Max(choice => choice.Rows.Max(row => Math.Abs(row[feature])));
            double[] centred = [.. choices.SelectMany(choice => Centred(choice, feature))];
            double deviation = Math.Sqrt(centred.Average(value => value * value));
            double unit = deviation > 1e-9 * (1 + largest) ? deviation : 0;
            return new Column(feature, unit, [.. centred.Select(value => unit == 0 ? 0 : value / unit)]);
        }

        private static IEnumerable<double> Centred(Choice choice, int feature)
        {
            double mean = choice.Rows.Average(row => row[feature]);
            return choice.Rows.Select(row => row[feature] - mean);
        }
    }
}
