using Outerloop.Planning.Validation;

namespace Outerloop.Pretraining;

/// <summary>
/// Someone who knows how Blocksworld is played and plays it unreliably, so that success falls with the length of the
/// plan. Wrong methods: serving the goals one by one in any order, not clearing what is to be moved, stopping early,
/// and building in the wrong order. Slips: a wrong block, an action left out, swapped with the next, repeated, drawn at
/// random, or giving up.
/// </summary>
internal static class BlocksworldAmateur
{
    public static List<PlanStep> Demonstrate(BlocksworldScene scene, AmateurHabits habits, Random random)
    {
        List<BlockMove> moves = random.NextDouble() < habits.Systematic
            ? WrongMethod(scene, random)
            : BlocksworldTeacher.Solve(scene, random);
        return WithSlips(BlocksworldTeacher.Actions(scene, moves), scene, habits.Slip, random);
    }

    private static List<BlockMove> WrongMethod(BlocksworldScene scene, Random random) => random.Next(4) switch
    {
        0 => ServeGoals(scene, clearing: true, random),
        1 => ServeGoals(scene, clearing: false, random),
        2 => StopEarly(BlocksworldTeacher.Solve(scene, random), random),
        _ => BuildInWrongOrder(scene, random),
    };

    /// <summary>Goal by goal in random order: clear the block and its destination, if at all, and move it.</summary>
    private static List<BlockMove> ServeGoals(BlocksworldScene scene, bool clearing, Random random)
    {
        scene = scene.Clone();
        var moves = new List<BlockMove>();
        int[] blocks = [.. Enumerable.Range(0, scene.Count).Where(block => scene.Wanted[block] != BlocksworldScene.Table)];
        random.Shuffle(blocks);
        foreach (int block in blocks)
        {
            int wanted = scene.Wanted[block];
            if (scene.Support[block] == wanted)
                continue;
            if (clearing)
                Clear(scene, block, moves);
            if (clearing)
                Clear(scene, wanted, moves);
            Move(scene, new BlockMove(block, wanted), moves);
        }

        return moves;
    }

    private static void Clear(BlocksworldScene scene, int block, List<BlockMove> moves)
    {
        int above = scene.Above(block);
        if (above < 0)
            return;
        Clear(scene, above, moves);
        Move(scene, new BlockMove(above, BlocksworldScene.Table), moves);
    }

    private static List<BlockMove> StopEarly(List<BlockMove> moves, Random random) =>
        moves.Count < 2 ? moves : moves[..random.Next(1, moves.Count)];

    /// <summary>Everything goes to the table as it should, and then onto its destination, but in any order.</summary>
    private static List<BlockMove> BuildInWrongOrder(BlocksworldScene scene, Random random)
    {
        scene = scene.Clone();
        var moves = new List<BlockMove>();
        while (Enumerable.Range(0, scene.Count).FirstOrDefault(block => IsLooseTop(scene, block), -1) is >= 0 and var top)
            Move(scene, new BlockMove(top, BlocksworldScene.Table), moves);
        int[] blocks = [.. Enumerable.Range(0, scene.Count).Where(block => scene.Wanted[block] >= 0 && scene.Support[block] != scene.Wanted[block])];
        random.Shuffle(blocks);
        foreach (int block in blocks)
            Move(scene, new BlockMove(block, scene.Wanted[block]), moves);
        return moves;
    }

    private static bool IsLooseTop(BlocksworldScene scene, int block) =>
        scene.Support[block] != BlocksworldScene.Table && scene.IsClear(block) && !scene.IsInPlace(block);

    private static void Move(BlocksworldScene scene, BlockMove move, List<BlockMove> moves)
    {
        moves.Add(move);
        scene.Support[move.Block] = move.To;
    }

    private static List<PlanStep> WithSlips(List<PlanStep> steps, BlocksworldScene scene, double slip, Random random)
    {
        var spoilt = new List<PlanStep>();
        for (int i = 0; i < steps.Count; i++)
        {
            if (random.NextDouble() >= slip)
            {
                spoilt.Add(steps[i]);
                continue;
            }

            double kind = random.NextDouble();
            if (kind < 0.35)
                spoilt.Add(WrongBlock(steps[i], scene, random));
            else if (kind < 0.50)
                continue;
            else if (kind < 0.65 && i + 1 < steps.Count)
                spoilt.AddRange([steps[i + 1], steps[i++]]);
            else if (kind < 0.80)
                spoilt.AddRange([steps[i], steps[i]]);
            else if (kind < 0.90)
                spoilt.Add(AnyAction(scene, random));
            else
                break;
        }

        return spoilt;
    }

    private static PlanStep WrongBlock(PlanStep step, BlocksworldScene scene, Random random) => step with
    {
        Arguments = step.Arguments.SetItem(random.Next(step.Arguments.Length), AnyBlock(scene, random)),
    };

    private static PlanStep AnyAction(BlocksworldScene scene, Random random) => random.Next(4) switch
    {
        0 => BlocksworldTeacher.Step("pickup", AnyBlock(scene, random)),
        1 => BlocksworldTeacher.Step("putdown", AnyBlock(scene, random)),
        2 => BlocksworldTeacher.Step("stack", AnyBlock(scene, random), AnyBlock(scene, random)),
        _ => BlocksworldTeacher.Step("unstack", AnyBlock(scene, random), AnyBlock(scene, random)),
    };

    private static string AnyBlock(BlocksworldScene scene, Random random) => scene.Names[random.Next(scene.Count)];
}
