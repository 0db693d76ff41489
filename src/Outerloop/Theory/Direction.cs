namespace Outerloop.Theory;

/// <summary>Comparisons of two directions in the space of the parameters.</summary>
internal static class Direction
{
    /// <summary>Cosine of the angle between two vectors; NaN where one is 0.</summary>
    public static double Cosine(ReadOnlySpan<double> left, ReadOnlySpan<double> right) =>
        Product(left, right) / Math.Sqrt(Product(left, left) * Product(right, right));

    /// <summary>The s for which s·<paramref name="unit"/> is nearest to <paramref name="vector"/>.</summary>
    public static double Scale(ReadOnlySpan<double> vector, ReadOnlySpan<double> unit) => Product(vector, unit) / Product(unit, unit);

    /// <summary>The largest difference of two components, in units of the largest component of <paramref name="right"/>.</summary>
    public static double MaxRelativeError(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double difference = 0, largest = 0;
        for (int i = 0; i < left.Length; i++)
        {
            difference = Math.Max(difference, Math.Abs(left[i] - right[i]));
            largest = Math.Max(largest, Math.Abs(right[i]));
        }

        return difference / largest;
    }

    /// <summary>‖left − right‖ / ‖right‖.</summary>
    public static double RelativeDistance(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
            sum += (left[i] - right[i]) * (left[i] - right[i]);
        return Math.Sqrt(sum / Product(right, right));
    }

    private static double Product(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }
}
