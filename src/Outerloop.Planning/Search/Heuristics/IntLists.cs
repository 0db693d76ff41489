namespace Outerloop.Planning.Search.Heuristics;

/// <summary>Lists of numbers that never change, one after the other in memory: they are walked millions of times.</summary>
internal sealed class IntLists
{
    private readonly int[] starts;
    private readonly int[] items;

    public IntLists(IReadOnlyList<IReadOnlyList<int>> lists)
    {
        starts = new int[lists.Count + 1];
        for (var i = 0; i < lists.Count; i++)
            starts[i + 1] = starts[i] + lists[i].Count;
        items = new int[starts[^1]];
        for (var i = 0; i < lists.Count; i++)
        {
            for (var j = 0; j < lists[i].Count; j++)
                items[starts[i] + j] = lists[i][j];
        }
    }

    public ReadOnlySpan<int> this[int index] => items.AsSpan(starts[index], starts[index + 1] - starts[index]);
}
