namespace Outerloop.Reward;

/// <summary>
/// Logistic regression with Firth's penalty (1993): the likelihood times the root of the information's determinant. Where a
/// rule separates the two outcomes without exception (no invalid trace is ever kept) the plain estimate is infinite; this
/// one is finite, and for a table of counts it is the log-odds with ½ added to each cell.
/// </summary>
/// <param name="Coefficients">Log-odds per unit of each column.</param>
/// <param name="Errors">Their standard errors, from the information at the estimate.</param>
internal sealed record LogisticFit(double[] Coefficients, double[] Errors)
{
    private const int MostIterations = 200;
    private const double LargestStep = 1, Tolerance = 1e-9;

    /// <param name="rows">[observations][columns], one of the columns constant; no column a combination of others.</param>
    /// <param name="outcomes">0 or 1 for each.</param>
    public static LogisticFit Of(double[][] rows, double[] outcomes)
    {
        var coefficients = new double[rows[0].Length];
        for (int iteration = 0; iteration < MostIterations; iteration++)
        {
            double[][] covariance = Symmetric.Inverse(Information(rows, coefficients));
            double[] step = Symmetric.Times(covariance, PenalisedScore(rows, outcomes, coefficients, covariance));
            double shrink = Math.Min(1, LargestStep / Math.Max(Tolerance, step.Max(Math.Abs)));
            for (int j = 0; j < step.Length; j++)
                coefficients[j] += shrink * step[j];
            if (step.Max(Math.Abs) < Tolerance)
                break;
        }

        double[][] final = Symmetric.Inverse(Information(rows, coefficients));
        return new LogisticFit(coefficients, [.. final.Select((row, j) => Math.Sqrt(row[j]))]);
    }

    /// <summary>XᵀWX with W = p(1 − p).</summary>
    private static double[][] Information(double[][] rows, double[] coefficients)
    {
        double[][] information = [.. coefficients.Select(_ => new double[coefficients.Length])];
        foreach (double[] row in rows)
        {
            double p = Probability(row, coefficients), weight = p * (1 - p);
            for (int j = 0; j < row.Length; j++)
            {
                for (int k = 0; k < row.Length; k++)
                    information[j][k] += weight * row[j] * row[k];
            }
        }

        return information;
    }

    /// <summary>Σ (y − p + h·(½ − p))·x with h the leverage of the observation.</summary>
    private static double[] PenalisedScore(double[][] rows, double[] outcomes, double[] coefficients, double[][] covariance)
    {
        var score = new double[coefficients.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            double p = Probability(rows[i], coefficients);
            double leverage = p * (1 - p) * Symmetric.Form(covariance, rows[i]);
            double residual = outcomes[i] - p + (leverage * (0.5 - p));
            for (int j = 0; j < score.Length; j++)
                score[j] += residual * rows[i][j];
        }

        return score;
    }

    private static double Probability(double[] row, double[] coefficients)
    {
        double logOdds = 0;
        for (int j = 0; j < row.Length; j++)
            logOdds += row[j] * coefficients[j];
        // Kept off 0 and 1, where an observation would have no information at all.
        return 1 / (1 + Math.Exp(-Math.Clamp(logOdds, -30, 30)));
    }
}
