using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Outerloop.Planning.Domains;

/// <summary>
/// The blocks world with four actions, in the encoding of the learning track of IPC 2023. Initial state and goal are
/// independent and uniform over all arrangements (Slaney and Thiébaux, "Blocks World revisited", Artificial Intelligence
/// 125, 2001); any arrangement can be reached from any other, so every task is solvable.
/// </summary>
public sealed class Blocksworld : PlanningDomain
{
    private static readonly NameSet BlockNames = new("b", 20);

    private static readonly SizeParameter Blocks = new("blocks", "number of blocks", Smallest: 2)
    {
        Pool = new(3, 12),
        Larger = new(13, 15),
        Easy = new(5, 30),
        Medium = new(35, 150),
        Hard = new(160, 500),
    };

    public override string Name => "blocksworld";

    public override IReadOnlyList<SizeParameter> Parameters { get; } = [Blocks];

    public override ImmutableArray<NameSet> NameSets { get; } = [BlockNames];

    public override string Pddl { get; } = """
        (define (domain blocksworld)
          (:requirements :strips)
          (:predicates
            (clear ?x)
            (on-table ?x)
            (arm-empty)
            (holding ?x)
            (on ?x ?y))

          (:action pickup
            :parameters (?x)
            :precondition (and (clear ?x) (on-table ?x) (arm-empty))
            :effect (and (holding ?x) (not (clear ?x)) (not (on-table ?x)) (not (arm-empty))))

          (:action putdown
            :parameters (?x)
            :precondition (holding ?x)
            :effect (and (clear ?x) (on-table ?x) (arm-empty) (not (holding ?x))))

          (:action stack
            :parameters (?x ?y)
            :precondition (and (holding ?x) (clear ?y))
            :effect (and (on ?x ?y) (clear ?x) (arm-empty) (not (holding ?x)) (not (clear ?y))))

          (:action unstack
            :parameters (?x ?y)
            :precondition (and (on ?x ?y) (clear ?x) (arm-empty))
            :effect (and (holding ?x) (clear ?y) (not (on ?x ?y)) (not (clear ?x)) (not (arm-empty)))))

        """;

    /// <summary>Draws a task; one whose goal asks for nothing, or for nothing new, is drawn again.</summary>
    public static BlocksTask DrawTask(SizeRanges sizes, Random random)
    {
        var count = sizes.Draw(Blocks, random);
        var names = BlockNames.Draw(count, random);
        while (true)
        {
            var (init, goal) = (DrawState(count, random), DrawState(count, random));
            if (!init.Satisfies(goal))
                return new BlocksTask(names, init, goal);
        }
    }

    /// <summary>
    /// Draws uniformly from all arrangements of labelled blocks. Those with k stacks number n!/k! · C(n−1, k−1): order the
    /// blocks, cut the order into k stacks, and forget the order of the stacks. So k is drawn by these weights, then an
    /// order and the cuts.
    /// </summary>
    public static BlocksState DrawState(int count, Random random)
    {
        var order = Shuffled(count, random);
        var isBase = new bool[count];
        isBase[0] = true;
        foreach (var cut in Shuffled(count - 1, random).AsSpan(0, DrawStacks(count, random) - 1))
            isBase[cut + 1] = true;
        var support = new int[count];
        for (var i = 0; i < count; i++)
            support[order[i]] = isBase[i] ? BlocksState.Table : order[i - 1];
        return new BlocksState(ImmutableCollectionsMarshal.AsImmutableArray(support));
    }

    protected override SolvableTask Draw(SizeRanges sizes, Random random) => DrawTask(sizes, random).ToSolvableTask();

    /// <summary>Weights relative to one stack: w(k+1)/w(k) = (n−k) / (k(k+1)).</summary>
    private static int DrawStacks(int count, Random random)
    {
        var weights = new double[count];
        weights[0] = 1;
        for (var k = 1; k < count; k++)
            weights[k] = weights[k - 1] * (count - k) / (k * (k + 1.0));
        var left = random.NextDouble() * weights.Sum();
        var stacks = 1;
        while (stacks < count && (left -= weights[stacks - 1]) >= 0)
            stacks++;
        return stacks;
    }

    private static int[] Shuffled(int count, Random random)
    {
        var order = Enumerable.Range(0, count).ToArray();
        random.Shuffle(order);
        return order;
    }
}
