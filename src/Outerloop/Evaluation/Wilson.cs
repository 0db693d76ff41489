namespace Outerloop.Evaluation;

/// <summary>The Wilson score interval of a success rate (E. B. Wilson, 1927): honest for rates near 0 and 1.</summary>
public static class Wilson
{
    /// <param name="z">Standard-normal quantile; 1.96 for 95 %.</param>
    /// <returns>(low, high) in [0, 1]; (0, 1) without trials.</returns>
    public static (double Low, double High) Interval(int successes, int trials, double z = 1.959964)
    {
        if (trials == 0)
            return (0, 1);
        double rate = (double)successes / trials, square = z * z;
        double centre = rate + (square / (2 * trials));
        double half = z * Math.Sqrt((rate * (1 - rate) / trials) + (square / (4.0 * trials * trials)));
        double scale = 1 + (square / trials);
        return (Math.Max(0, (centre - half) / scale), Math.Min(1, (centre + half) / scale));
    }
}
