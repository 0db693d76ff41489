using System.Collections.Immutable;
using Outerloop.Planning.Validation;

namespace Outerloop.Pretraining;

/// <summary>A block put somewhere: onto another block or onto <see cref="BlocksworldScene.Table"/>.</summary>
internal readonly record struct BlockMove(int Block, int To);

/// <summary>
/// A correct way to solve Blocksworld, for the small tasks of the pre-training alone: first every tower is taken down to
/// the table, then every wanted tower is built from the bottom, one tower at a time. No block moves more than twice. Most
/// tasks have shorter plans; this one is simple enough for a small model to learn.
/// </summary>
internal static class BlocksworldTeacher
{
    public static List<BlockMove> Solve(BlocksworldScene scene, Random random)
    {
        scene = scene.Clone();
        var moves = new List<BlockMove>();
        int uncovered = BlocksworldScene.Table;
        while (Choose(TakingDown(scene), move => move.Block == uncovered, random) is { } move)
        {
            uncovered = scene.Support[move.Block];
            Take(scene, move, moves);
        }

        int top = BlocksworldScene.Table;
        while (Choose(Building(scene), move => move.To == top, random) is { } move)
        {
            top = move.Block;
            Take(scene, move, moves);
        }

        return moves;
    }

    /// <summary>The actions of a sequence of moves: a block comes off its support as that is when its turn comes.</summary>
    public static List<PlanStep> Actions(BlocksworldScene scene, IEnumerable<BlockMove> moves)
    {
        scene = scene.Clone();
        var steps = new List<PlanStep>();
        foreach (BlockMove move in moves)
        {
            steps.AddRange(Actions(scene, move));
            scene.Support[move.Block] = move.To;
        }

        return steps;
    }

    private static IEnumerable<PlanStep> Actions(BlocksworldScene scene, BlockMove move)
    {
        string block = scene.Names[move.Block];
        int from = scene.Support[move.Block];
        yield return from == BlocksworldScene.Table ? Step("pickup", block) : Step("unstack", block, scene.Names[from]);
        yield return move.To == BlocksworldScene.Table ? Step("putdown", block) : Step("stack", block, scene.Names[move.To]);
    }

    internal static PlanStep Step(string action, params ImmutableArray<string> arguments) => new(action, arguments, 0, 0);

    private static IEnumerable<BlockMove> TakingDown(BlocksworldScene scene) =>
        from block in Enumerable.Range(0, scene.Count)
        where scene.Support[block] != BlocksworldScene.Table && scene.IsClear(block)
        select new BlockMove(block, BlocksworldScene.Table);

    private static IEnumerable<BlockMove> Building(BlocksworldScene scene) =>
        from block in Enumerable.Range(0, scene.Count)
        let wanted = scene.Wanted[block]
        where scene.Support[block] != wanted && scene.IsInPlace(wanted)
        select new BlockMove(block, wanted);

    /// <summary>A move that goes on with the tower at hand, or else any.</summary>
    private static BlockMove? Choose(IEnumerable<BlockMove> moves, Func<BlockMove, bool> goesOn, Random random)
    {
        BlockMove[] choices = [.. moves];
        if (Array.FindIndex(choices, move => goesOn(move)) is >= 0 and var next)
            return choices[next];
        return choices.Length == 0 ? null : choices[random.Next(choices.Length)];
    }

    private static void Take(BlocksworldScene scene, BlockMove move, List<BlockMove> moves)
    {
        scene.Support[move.Block] = move.To;
        moves.Add(move);
    }
}
