using System.Collections.Immutable;
using Outerloop.Planning.Validation;

namespace Outerloop.Pretraining;

/// <summary>A block put somewhere: onto another block or onto <see cref="BlocksworldScene.Table"/>.</summary>
internal readonly record struct BlockMove(int Block, int To);

/// <summary>
/// A correct way to solve Blocksworld, for the small tasks of the pre-training alone: whenever a block can go to its
/// final place it goes there; otherwise a clear block that is not in place goes to the table. No block moves more than
/// twice.
/// </summary>
internal static class BlocksworldTeacher
{
    public static List<BlockMove> Solve(BlocksworldScene scene, Random random)
    {
        scene = scene.Clone();
        var moves = new List<BlockMove>();
        while (Next(scene, random) is { } move)
        {
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

    private static BlockMove? Next(BlocksworldScene scene, Random random)
    {
        List<BlockMove> home = [], away = [];
        for (int block = 0; block < scene.Count; block++)
        {
            if (!scene.IsClear(block) || scene.IsInPlace(block))
                continue;
            int wanted = scene.Wanted[block];
            bool ready = wanted == BlocksworldScene.Table || (wanted >= 0 && scene.IsClear(wanted) && scene.IsInPlace(wanted));
            if (ready)
                home.Add(new BlockMove(block, wanted));
            else if (scene.Support[block] != BlocksworldScene.Table)
                away.Add(new BlockMove(block, BlocksworldScene.Table));
        }

        List<BlockMove> choices = home.Count > 0 ? home : away;
        return choices.Count == 0 ? null : choices[random.Next(choices.Count)];
    }
}
