using System.Numerics;
using Outerloop.Planning.Search.Grounding;

namespace Outerloop.Planning.Search.Heuristics;

/// <summary>
/// The FF heuristic: the cost of a plan for the task without deletions (Hoffmann and Nebel, JAIR 14, 2001), made of each
/// fact's cheapest achiever by the additive heuristic (Keyder and Geffner, ECAI 2008). Its first steps are preferred.
/// </summary>
internal sealed class FfHeuristic
{
    public const long DeadEnd = -1;

    private readonly GroundTask task;
    private readonly RelaxedTask relaxed;
    private readonly CostHeap heap = new();
    private readonly long[] factCost;
    private readonly int[] supporter;
    private readonly Progress[] untouched;
    private readonly Progress[] progress;
    private readonly bool[] isPlanned;
    private readonly bool[] isNeeded;
    private readonly List<int> planned = [];
    private readonly List<int> needed = [];

    public FfHeuristic(GroundTask task, Func<GroundOperator, int> costOf, SearchLimits limits)
    {
        this.task = task;
        relaxed = new RelaxedTask(task, costOf, limits);
        untouched = [.. relaxed.Costs.Select((cost, i) => new Progress { Cost = cost, Missing = relaxed.Preconditions[i].Length })];
        progress = new Progress[untouched.Length];
        factCost = new long[relaxed.FactCount];
        supporter = new int[relaxed.FactCount];
        isPlanned = new bool[task.Operators.Length];
        isNeeded = new bool[relaxed.FactCount];
    }

    /// <summary>The estimate, or <see cref="DeadEnd"/> where no plan exists even without deletions.</summary>
    /// <param name="preferred">Filled with the steps of the relaxed plan that can be taken at once.</param>
    public long Evaluate(ReadOnlySpan<ulong> state, List<int> preferred)
    {
        preferred.Clear();
        Explore(state);
        if (factCost[relaxed.GoalFact] == RelaxedTask.Infinity)
            return DeadEnd;
        var cost = PlanRelaxed();
        foreach (var index in planned)
        {
            isPlanned[index] = false;
            if (GroundTask.Holds(task.Operators[index].Precondition, state))
                preferred.Add(index);
        }

        planned.Clear();
        return cost;
    }

    /// <summary>The additive cost of every fact, by generalised Dijkstra, until the goal's is known.</summary>
    private void Explore(ReadOnlySpan<ulong> state)
    {
        Array.Fill(factCost, RelaxedTask.Infinity);
        untouched.CopyTo(progress, 0);
        heap.Clear();
        Reach(relaxed.TrueFact, 0, -1);
        for (var word = 0; word < state.Length; word++)
        {
            for (var bits = state[word]; bits != 0; bits &= bits - 1)
                Reach((word << 6) + BitOperations.TrailingZeroCount(bits), 0, -1);
        }

        while (heap.TryPop(out var cost, out var fact) && fact != relaxed.GoalFact)
        {
            if (cost == factCost[fact])
                Expand(fact, cost);
        }
    }

    private void Expand(int fact, long cost)
    {
        foreach (var index in relaxed.Readers[fact])
        {
            ref var step = ref progress[index];
            step.Cost += cost;
            if (--step.Missing > 0)
                continue;
            var total = Math.Min(step.Cost, RelaxedTask.Infinity - 1);
            foreach (var added in relaxed.Adds[index])
                Reach(added, total, index);
        }
    }

    private void Reach(int fact, long cost, int by)
    {
        if (cost >= factCost[fact])
            return;
        factCost[fact] = cost;
        supporter[fact] = by;
        heap.Push(cost, fact);
    }

    private long PlanRelaxed()
    {
        var cost = 0L;
        Need(relaxed.GoalFact);
        for (var i = 0; i < needed.Count; i++)
        {
            isNeeded[needed[i]] = false;
            if (supporter[needed[i]] is not (var index and >= 0))
                continue;
            var step = relaxed.Steps[index];
            if (step >= 0 && !isPlanned[step])
            {
                isPlanned[step] = true;
                planned.Add(step);
                cost += relaxed.Costs[index];
            }
        }

        needed.Clear();
        return cost;
    }

    /// <summary>Collects the fact and all that its supporters demand, each once.</summary>
    private void Need(int goal)
    {
        isNeeded[goal] = true;
        needed.Add(goal);
        for (var i = 0; i < needed.Count; i++)
        {
            if (supporter[needed[i]] is not (var index and >= 0))
                continue;
            foreach (var fact in relaxed.Preconditions[index])
            {
                if (isNeeded[fact])
                    continue;
                isNeeded[fact] = true;
                needed.Add(fact);
            }
        }
    }

    /// <summary>What an operator costs with the facts reached so far, and how many it still lacks.</summary>
    private struct Progress
    {
        public long Cost;
        public int Missing;
    }
}
