using Outerloop.Planning.Domains;

namespace Outerloop.Planning.Tests.Search;

/// <summary>The length of a shortest plan in the blocks world, by breadth-first search over arrangements: a move is a pick and a put.</summary>
internal static class BlocksDistance
{
    private const int StepsPerMove = 2;

    public static int Of(BlocksTask task)
    {
        var seen = new HashSet<BlocksState> { task.Init };
        List<BlocksState> layer = [task.Init];
        for (var moves = 0; ; moves++)
        {
            if (layer.Exists(s => s.Satisfies(task.Goal)))
                return moves * StepsPerMove;
            layer = [.. layer.SelectMany(Moves).Where(seen.Add)];
        }
    }

    private static IEnumerable<BlocksState> Moves(BlocksState state) =>
        from block in Enumerable.Range(0, state.Count)
        where state.IsClear(block)
        from target in Enumerable.Range(0, state.Count).Append(BlocksState.Table)
        where target != block && (target == BlocksState.Table || state.IsClear(target))
        select new BlocksState(state.Support.SetItem(block, target));
}
