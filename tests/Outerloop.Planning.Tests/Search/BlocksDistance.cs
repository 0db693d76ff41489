using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Tests.Search;

/// <summary>The length of a shortest plan in the blocks world, by breadth-first search over arrangements: a move is a pick and a put.</summary>
internal static class BlocksDistance
{
    private const int StepsPerMove = 2;

    public static int Of(Problem problem)
    {
        var init = problem.Init.Where(f => f.Predicate.Name == "on").Select(f => (f.Arguments[0].Name, f.Arguments[1].Name));
        var goal = ((Conjunction)problem.Goal).Parts.Cast<Atom>().Where(a => a.Predicate.Name == "on").Select(a => (NameOf(a.Arguments[0]), NameOf(a.Arguments[1])));
        return Between(State(problem, init), State(problem, goal));
    }

    private static int Between(BlocksState init, BlocksState goal)
    {
        var seen = new HashSet<BlocksState> { init };
        List<BlocksState> layer = [init];
        for (var moves = 0; ; moves++)
        {
            if (layer.Exists(s => s.Satisfies(goal)))
                return moves * StepsPerMove;
            layer = [.. layer.SelectMany(Moves).Where(seen.Add)];
        }
    }

    private static string NameOf(Term term) => ((ObjectTerm)term).Object.Name;

    private static BlocksState State(Problem problem, IEnumerable<(string Block, string Below)> on)
    {
        var names = problem.Objects.Select(o => o.Name).ToList();
        var support = Enumerable.Repeat(BlocksState.Table, names.Count).ToArray();
        foreach (var (block, below) in on)
            support[names.IndexOf(block)] = names.IndexOf(below);
        return new BlocksState([.. support]);
    }

    private static IEnumerable<BlocksState> Moves(BlocksState state) =>
        from block in Enumerable.Range(0, state.Count)
        where state.IsClear(block)
        from target in Enumerable.Range(0, state.Count).Append(BlocksState.Table)
        where target != block && (target == BlocksState.Table || state.IsClear(target))
        select new BlocksState(state.Support.SetItem(block, target));
}
