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
        Expectation[] expectations = [.. choices.Select(choice => new Expectation(choice))];
        for (int iteration = 0; iteration < MostIterations; iteration++)
        {
            double[] step = Step(expectations, coefficients);
            double shrink = Math.Min(1, LargestStep / Math.Max(Tolerance, step.Max(Math.Abs)));
            for (int j = 0; j < step.Length; j++)
                coefficients[j] += shrink * step[j];
            if (step.Max(Math.Abs) < Tolerance)
                break;
        }

        double[][] covariance = Symmetric.Inverse(Information(expectations, coefficients));
        return new ChoiceFit(coefficients, [.. covariance.Select((row, j) => Math.Sqrt(row[j]))]);
    }

    /// <summary>
    /// The information's inverse times the penalised score Σ (x_taken − m) + ½ Σ p·h·(x − m), with m the mean of x under p and
    /// h = (x − m)ᵀ·I⁻¹·(x − m): the derivative of the information is the third central moment.
    /// </summary>
    private static double[] Step(Expectation[] expectations, double[] coefficients)
    {
        double[][] covariance = Symmetric.Inverse(Information(expectations, coefficients));
        var score = new double[covariance.Length];
        foreach (Expectation choice in expectations)
        {
            for (int i = 0; i < choice.Alternatives; i++)
            {
                double[] deviation = choice.Deviation(i);
                double leverage = Symmetric.Form(covariance, deviation);
                double weight = (i == choice.Taken ? 1 : 0) + (0.5 * choice.Probabilities[i] * leverage);
                for (int j = 0; j < score.Length; j++)
                    score[j] += weight * deviation[j];
            }
        }

        return Symmetric.Times(covariance, score);
    }

    /// <summary>Σ p·(x − m)(x − m)ᵀ.</summary>
    private static double[][] Information(Expectation[] expectations, double[] coefficients)
    {
        double[][] information = [.. coefficients.Select(_ => new double[coefficients.Length])];
        foreach (Expectation choice in expectations)
        {
            choice.Expect(coefficients);
            for (int i = 0; i < choice.Alternatives; i++)
                Symmetric.AddSquare(information, choice.Deviation(i), choice.Probabilities[i]);
        }

        return information;
    }

    /// <summary>A choice under coefficients: the probability of each alternative, and its deviation from the expected one.</summary>
    private sealed class Expectation(Choice choice)
    {
        private readonly double[] _mean = new double[choice.Rows[0].Length];
        private readonly double[] _deviation = new double[choice.Rows[0].Length];

        public int Taken => choice.Taken;

        public int Alternatives => choice.Rows.Length;

        /// <summary>Of those that are alike together.</summary>
        public double[] Probabilities { get; } = new double[choice.Rows.Length];

        /// <summary>x − m, until the next is asked for.</summary>
        public double[] Deviation(int alternative)
        {
            double[] row = choice.Rows[alternative];
            for (int j = 0; j < row.Length; j++)
                _deviation[j] = row[j] - _mean[j];
            return _deviation;
        }

        public void Expect(double[] coefficients)
        {
            for (int i = 0; i < Probabilities.Length; i++)
                Probabilities[i] = Dot(choice.Rows[i], coefficients);
            (double most, double all) = (Probabilities.Max(), 0);
            for (int i = 0; i < Probabilities.Length; i++)
            {
                // Kept off 0, where an alternative would have no information at all.
                Probabilities[i] = choice.Times[i] * Math.Exp(Math.Max(-30, Probabilities[i] - most));
                all += Probabilities[i];
            }

            Array.Clear(_mean);
            for (int i = 0; i < Probabilities.Length; i++)
            {
                Probabilities[i] /= all;
                for (int j = 0; j < _mean.Length; j++)
                    _mean[j] += Probabilities[i] * choice.Rows[i][j];
            }
        }

        private static double Dot(double[] row, double[] coefficients)
        {
            double sum = 0;
            for (int j = 0; j < row.Length; j++)
                sum += row[j] * coefficients[j];
            return sum;
        }
    }
}
