namespace Outerloop.Pretraining;

internal static class WeightedDraw
{
    /// <summary>One of the items, in proportion to their weights, of which at least one is above 0.</summary>
    public static T Draw<T>(this Random random, IReadOnlyList<T> items, Func<T, double> weight)
    {
        double left = random.NextDouble() * items.Sum(weight);
        foreach (T item in items)
        {
            left -= weight(item);
            if (left < 0)
                return item;
        }

        return items[^1];
    }
}
