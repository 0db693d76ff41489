namespace Outerloop.Reward;

/// <summary>
/// Conditional logistic regression (D. McFadden, 1974; for matched sets N. E. Breslow and N. E. Day, 1980): alternative i of a
/// choice is taken with probability exp(xᵢ·b) / Σⱼ exp(xⱼ·b), so that whatever is the same for all of them cancels. With
/// Firth's penalty (1993; for conditional fits G. Heinze and R. Puhr, 2010), the likelihood times the root of the
/// information's determinant: where a rule has no exception the plain estimate is infinite, and this one is finite.
/// </summary>
/// <param name="Coefficients">Log-odds per unit of each feature.</param>
/// <param name="Errors">Their standard errors, from the information at the estimate.</param>
internal sealed record ChoiceFit(double[] Coefficients, double[] Errors)
{
    private const int MostIterations = 500;
    private const double LargestStep = 1, Tolerance = 1e-9;

    /// <param name="choices">At least one; no feature the same within all choices, none a combination of others.</param>
    public static ChoiceFit Of(IReadOnlyList<Choice> choices)
    {
        var coefficients = new double[choices[0].Rows[0].Length];
        for (int iteration = 0; iteration < MostIterations; iteration++)
        {
            double[] step = Step([.. choices.Select(choice => new Expectation(choice, coefficients))]);
            double shrink = Math.Min(1, LargestStep / Math.Max(Tolerance, step.Max(Math.Abs)));
            for (int j = 0; j < step.Length; j++)
                coefficients[j] += shrink * step[j];
            if (step.Max(Math.Abs) < Tolerance)
                break;
        }

        double[][] covariance = Symmetric.Inverse(Information([.. choices.Select(choice => new Expectation(choice, coefficients))]));
        return new ChoiceFit(coefficients, [.. covariance.Select((row, j) => Math.Sqrt(row[j]))]);
    }

    /// <summary>
    /// The information's inverse times the penalised score Σ (x_taken − m) + ½ Σ p·h·(x − m), with m the mean of x under p and
    /// h = (x − m)ᵀ·I⁻¹·(x − m): the derivative of the information is the third central moment.
    /// </summary>
    private static double[] Step(Expectation[] expectations)
    {
        double[][] covariance = Symmetric.Inverse(Information(expectations));
        var score = new double[covariance.Length];
        foreach (Expectation choice in expectations)
        {
            for (int i = 0; i < choice.Deviations.Length; i++)
            {
                double leverage = Symmetric.Form(covariance, choice.Deviations[i]);
                double weight = (i == choice.Taken ? 1 : 0) + (0.5 * choice.Probabilities[i] * leverage);
                for (int j = 0; j < score.Length; j++)
                    score[j] += weight * choice.Deviations[i][j];
            }
        }

        return Symmetric.Times(covariance, score);
    }

    /// <summary>Σ p·(x − m)(x − m)ᵀ.</summary>
    private static double[][] Information(Expectation[] expectations)
    {
        int size = expectations[0].Deviations[0].Length;
        double[][] information = [.. Enumerable.Range(0, size).Select(_ => new double[size])];
        foreach (Expectation choice in expectations)
        {
            foreach ((double[] deviation, double p) in choice.Deviations.Zip(choice.Probabilities))
                Symmetric.AddSquare(information, deviation, p);
        }

        return information;
    }

    /// <summary>A choice under coefficients: the probability of each alternative, and its deviation from the expected one.</summary>
    private sealed class Expectation
    {
        public Expectation(Choice choice, double[] coefficients)
        {
            Taken = choice.Taken;
            double[] logOdds = [.. choice.Rows.Select(row => Dot(row, coefficients))];
            double most = logOdds.Max();
            // Kept off 0, where an alternative would have no information at all.
            double[] odds = [.. logOdds.Select(value => Math.Exp(Math.Max(-30, value - most)))];
            double all = odds.Sum();
            Probabilities = [.. odds.Select(value => value / all)];
            double[] mean = [.. coefficients.Select((_, j) => choice.Rows.Zip(Probabilities, (row, p) => p * row[j]).Sum())];
            Deviations = [.. choice.Rows.Select(row => row.Zip(mean, (value, centre) => value - centre).ToArray())];
        }

        public int Taken { get; }

        public double[] Probabilities { get; }

        /// <summary>[alternatives][features].</summary>
        public double[][] Deviations { get; }

        private static double Dot(double[] row, double[] coefficients)
        {
            double sum = 0;
            for (int j = 0; j < row.Length; j++)
                sum += row[j] * coefficients[j];
            return sum;
        }
    }
}
