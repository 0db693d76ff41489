using System.Collections.Immutable;
using Outerloop.Planning.Validation;

namespace Outerloop.Pretraining;

/// <summary>A block put somewhere: onto another block or onto <see cref="BlocksworldScene.Table"/>.</summary>
internal readonly record struct BlockMove(int Block, int To);

/// <summary>
/// A correct way to solve Blocksworld, for the small tasks of the pre-training alone: first every block that is not in
/// place goes to the table, tower by tower from the top; then each goes to its final place, from the bottom. No block
/// moves more than twice. There are shorter plans; this one is simple enough for a small model to learn.
/// </summary>
internal static class BlocksworldTeacher
{
    public static List<BlockMove> Solve(BlocksworldScene scene, Random random)
    {
        scene = scene.Clone();
        var moves = new List<BlockMove>();
        int uncovered = BlocksworldScene.Table;
        while (Next(scene, uncovered, random) is { } move)
        {
            uncovered = scene.Support[move.Block];
            scene.Support[move.Block] = move.To;
            moves.Add(move);
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

    /// <param name="uncovered">The block that the last move uncovered, or the table: a tower once begun is taken down.</param>
    private static BlockMove? Next(BlocksworldScene scene, int uncovered, Random random)
    {
        List<BlockMove> away = [], home = [];
        for (int block = 0; block < scene.Count; block++)
        {
            if (!scene.IsClear(block) || scene.IsInPlace(block))
                continue;
            int wanted = scene.Wanted[block];
            if (scene.Support[block] != BlocksworldScene.Table)
                away.Add(new BlockMove(block, BlocksworldScene.Table));
            else if (scene.IsClear(wanted) && scene.IsInPlace(wanted))
                home.Add(new BlockMove(block, wanted));
        }

        if (away.Contains(new BlockMove(uncovered, BlocksworldScene.Table)))
            return new BlockMove(uncovered, BlocksworldScene.Table);
        List<BlockMove> choices = away.Count > 0 ? away : home;
        return choices.Count == 0 ? null : choices[random.Next(choices.Count)];
    }
}
