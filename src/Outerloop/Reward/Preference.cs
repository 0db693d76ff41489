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
        double all = choices.Sum(choice => choice.Times.Sum());
        List<Column> columns = Independent(choices[0].Rows[0].Select((_, feature) => Column.Of(feature, choices)), all);
        if (columns.Count == 0)
            return [];
        ChoiceFit fit = ChoiceFit.Of([.. choices.Select(choice => choice with
        {
            Rows = [.. choice.Rows.Select(row => columns.Select(column => row[column.Feature] / column.Deviation).ToArray())],
        })]);
        return [.. columns.Select((column, j) => new Preference(column.Feature, column.Deviation, fit.Coefficients[j], fit.Errors[j]))];
    }

    /// <param name="columns">Of all features.</param>
    /// <param name="all">Alternatives of all choices.</param>
    private static List<Column> Independent(IEnumerable<Column> columns, double all)
    {
        var kept = new List<Column>();
        var basis = new List<double[]>();
        foreach (Column column in columns.Where(column => column.Deviation > 0))
        {
            double[] rest = [.. column.Values];
            foreach (double[] direction in basis)
                Project(rest, direction);
            double own = Math.Sqrt(rest.Sum(value => value * value));
            if (own < LeastOwnPart * Math.Sqrt(all))
                continue;
            basis.Add([.. rest.Select(value => value / own)]);
            kept.Add(column);
        }

        return kept;
    }

    private static void Project(double[] vector, double[] direction)
    {
        double part = 0;
        for (int i = 0; i < vector.Length; i++)
            part += vector[i] * direction[i];
        for (int i = 0; i < vector.Length; i++)
            vector[i] -= part * direction[i];
    }

    /// <summary>
    /// A feature less its mean within each choice, in units of its deviation; that is 0 where it never differs. Alternatives of
    /// which there are several count by the root of their number, so that squares and products are sums over all.
    /// </summary>
    private sealed record Column(int Feature, double Deviation, double[] Values)
    {
        public static Column Of(int feature, IReadOnlyList<Choice> choices)
        {
            var (values, i) = (new double[choices.Sum(choice => choice.Rows.Length)], 0);
            (double largest, double squares, double all) = (0, 0, 0);
            foreach (Choice choice in choices)
            {
                (double mean, double alternatives) = Mean(choice, feature);
                all += alternatives;
                for (int row = 0; row < choice.Rows.Length; row++, i++)
                {
                    double value = choice.Rows[row][feature];
                    values[i] = Math.Sqrt(choice.Times[row]) * (value - mean);
                    squares += values[i] * values[i];
                    largest = Math.Max(largest, Math.Abs(value));
                }
            }

            double deviation = Math.Sqrt(squares / all);
            double unit = deviation > 1e-9 * (1 + largest) ? deviation : 0;
            for (int row = 0; row < values.Length; row++)
                values[row] = unit == 0 ? 0 : values[row] / unit;
            return new Column(feature, unit, values);
        }

        private static (double Mean, double Alternatives) Mean(Choice choice, int feature)
        {
            (double sum, double all) = (0, 0);
            for (int row = 0; row < choice.Rows.Length; row++)
            {
                sum += choice.Times[row] * choice.Rows[row][feature];
                all += choice.Times[row];
            }

            return (sum / all, all);
        }
    }
}
