using Outerloop.Tasks;

namespace Outerloop.Evaluation;

/// <summary>What a generation solves of the tasks of one size.</summary>
/// <param name="Order">Grows with the size; sets one after the other.</param>
/// <param name="Size">Numbers of objects.</param>
public sealed record SizeScore(TaskSet Set, int Order, string Size, int Tasks, int Solved)
{
    /// <param name="sizes">Of all tasks, by task.</param>
    public static IEnumerable<SizeScore> Of(TaskSet set, IReadOnlyDictionary<TaskId, int> sizes, IReadOnlyDictionary<TaskId, TaskScore> scores)
    {
        if (scores.Count == 0)
            return [];
        var bands = new SizeBands([.. sizes.Where(size => size.Key.Set == set).Select(size => size.Value)]);
        return from score in scores
               group score.Value by bands.Of(sizes[score.Key]) into band
               orderby band.Key
               select new SizeScore(set, (100 * (int)set) + band.Key, bands.Name(band.Key), band.Count(), band.Count(score => score.Solved));
    }
}
