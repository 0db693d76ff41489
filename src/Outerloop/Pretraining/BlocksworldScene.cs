using Outerloop.Planning.Pddl;

namespace Outerloop.Pretraining;

/// <summary>
/// A Blocksworld problem as a demonstrator sees it: what each block stands on now and what it shall stand on. Blocks
/// are numbered; <see cref="Table"/> is what the lowest of a tower stands on.
/// </summary>
internal sealed class BlocksworldScene
{
    public const int Table = -1;

    private BlocksworldScene(string[] names, int[] support, int[] wanted)
    {
        Names = names;
        Support = support;
        Wanted = wanted;
    }

    public string[] Names { get; }

    /// <summary>[block] → block below it or <see cref="Table"/>; changes as blocks are moved.</summary>
    public int[] Support { get; }

    /// <summary>[block] → block that it shall stand on or <see cref="Table"/>.</summary>
    public int[] Wanted { get; }

    public int Count => Names.Length;

    public static BlocksworldScene Of(Problem problem)
    {
        string[] names = [.. problem.Objects.Select(block => block.Name)];
        Dictionary<string, int> index = names.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
        var scene = new BlocksworldScene(names, Filled(names.Length), Filled(names.Length));
        foreach (GroundAtom fact in problem.Init)
        {
            if (fact.Predicate.Name == "on")
                scene.Support[index[fact.Arguments[0].Name]] = index[fact.Arguments[1].Name];
        }

        foreach (Atom goal in Goals(problem.Goal).Where(goal => goal.Predicate.Name == "on"))
        {
            int Block(int argument) => index[((ObjectTerm)goal.Arguments[argument]).Object.Name];
            scene.Wanted[Block(0)] = Block(1);
        }

        return scene;
    }

    public bool IsClear(int block) => Array.IndexOf(Support, block) < 0;

    /// <summary>The block on top of another one, or -1.</summary>
    public int Above(int block) => Array.IndexOf(Support, block);

    /// <summary>Whether a block and all below it stand where the goal wants them.</summary>
    public bool IsInPlace(int block)
    {
        while (block != Table)
        {
            if (Wanted[block] != Support[block])
                return false;
            block = Support[block];
        }

        return true;
    }

    public BlocksworldScene Clone() => new(Names, (int[])Support.Clone(), Wanted);

    private static int[] Filled(int count)
    {
        int[] filled = new int[count];
        Array.Fill(filled, Table);
        return filled;
    }

    private static IEnumerable<Atom> Goals(Condition goal) => goal is Conjunction all ? all.Parts.OfType<Atom>() : [(Atom)goal];
}
