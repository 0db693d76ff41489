using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Tests.Search;

/// <summary>
/// A small random task over facts without arguments, with negative preconditions and costs, some of them 0. States are
/// bit masks here, so that distances can be found without any of the code under test.
/// </summary>
internal sealed class RandomStripsTask
{
    private const int Facts = 7;

    private readonly (int Demanded, int Forbidden, int Deleted, int Added, int Cost)[] actions;
    private readonly int initial;
    private readonly int goal;
    private readonly int goalForbidden;
    private readonly bool hasCosts;

    public RandomStripsTask(int seed)
    {
        var random = new Random(seed);
        hasCosts = random.Next(3) > 0;
        actions = [.. Enumerable.Range(0, random.Next(8, 20)).Select(_ => DrawAction(random))];
        initial = Mask(random, Facts, 2);
        goal = Mask(random, Facts, 2) | 1;
        goalForbidden = Mask(random, Facts, 5) & ~goal;
        Problem = Samples.Problem(WriteDomain(), WriteProblem());
    }

    public Problem Problem { get; }

    /// <summary>The cost of a cheapest plan, or null: Dijkstra's algorithm over all states.</summary>
    public long? LeastCost()
    {
        var distance = new Dictionary<int, long> { [initial] = 0 };
        var open = new PriorityQueue<int, long>([(initial, 0)]);
        while (open.TryDequeue(out var state, out var cost))
        {
            if ((state & goal) == goal && (state & goalForbidden) == 0)
                return cost;
            foreach (var action in actions.Where(a => (state & a.Demanded) == a.Demanded && (state & a.Forbidden) == 0))
            {
                var (after, total) = ((state & ~action.Deleted) | action.Added, cost + (hasCosts ? action.Cost : 1));
                if (distance.TryGetValue(after, out var known) && known <= total)
                    continue;
                distance[after] = total;
                open.Enqueue(after, total);
            }
        }

        return null;
    }

    private static (int Demanded, int Forbidden, int Deleted, int Added, int Cost) DrawAction(Random random)
    {
        var demanded = Mask(random, Facts, 4);
        return (demanded, Mask(random, Facts, 8) & ~demanded, Mask(random, Facts, 5), Mask(random, Facts, 4), random.Next(5));
    }

    /// <summary>Each bit is set with probability 1/<paramref name="rarity"/>.</summary>
    private static int Mask(Random random, int bits, int rarity) =>
        Enumerable.Range(0, bits).Where(_ => random.Next(rarity) == 0).Sum(i => 1 << i);

    private string WriteDomain()
    {
        var text = string.Concat(actions.Select((a, i) =>
            $"(:action a{i} :precondition (and {Write(a.Demanded)} {Negated(a.Forbidden)}) " +
            $":effect (and {Negated(a.Deleted)} {Write(a.Added)} (increase (total-cost) {a.Cost})))\n"));
        return $"(define (domain random) (:predicates {Write((1 << Facts) - 1)}) (:functions (total-cost)) {text})";
    }

    private string WriteProblem() =>
        $"(define (problem r) (:domain random) (:init {Write(initial)}) (:goal (and {Write(goal)} {Negated(goalForbidden)})) " +
        $"{(hasCosts ? "(:metric minimize (total-cost))" : "")})";

    private static string Write(int mask) => string.Concat(Bits(mask).Select(i => $"(p{i})"));

    private static string Negated(int mask) => string.Concat(Bits(mask).Select(i => $"(not (p{i}))"));

    private static IEnumerable<int> Bits(int mask) => Enumerable.Range(0, Facts).Where(i => (mask >> i & 1) != 0);
}
