using System.Numerics;
using Outerloop.Planning.Search.Grounding;

namespace Outerloop.Planning.Search.Heuristics;

/// <summary>
/// The landmark-cut heuristic (Helmert and Domshlak, ICAPS 2009): a lower bound on the cost of a plan. Every plan takes
/// one of the operators of each cut, so the least cost in the cut is counted and taken off all of them, until the goal
/// costs nothing by the maximum heuristic. Admissible, but not consistent. The conditional effects of an operator are cut
/// together, since one step may bring all of them about; the maximum heuristic alone may then say more.
/// </summary>
internal sealed class LmCutHeuristic
{
    public const long DeadEnd = -1;

    private const int None = -1;

    private enum Zone : byte
    {
        Unknown,
        Goal,
        Before,
    }

    private readonly RelaxedTask relaxed;
    private readonly CostHeap heap = new();
    private readonly long[] factCost;
    private readonly long[] operatorCost;
    private readonly int[] missing;
    private readonly int[] preconditions;
    private readonly int[] costliest; // for each operator the fact of its precondition that costs most; None until reached
    private readonly Zone[] zones;
    private readonly Stack<int> open = new();
    private readonly List<int> cut = [];

    public LmCutHeuristic(GroundTask task, SearchLimits limits)
    {
        relaxed = new RelaxedTask(task, o => o.Cost, limits);
        preconditions = [.. relaxed.Costs.Select((_, i) => relaxed.Preconditions[i].Length)];
        factCost = new long[relaxed.FactCount];
        operatorCost = new long[preconditions.Length];
        missing = new int[preconditions.Length];
        costliest = new int[preconditions.Length];
        zones = new Zone[relaxed.FactCount];
    }

    /// <summary>The bound, or <see cref="DeadEnd"/> where no plan exists even without deletions.</summary>
    public long Evaluate(ReadOnlySpan<ulong> state)
    {
        Explore(state);
        if (factCost[relaxed.GoalFact] == RelaxedTask.Infinity)
            return DeadEnd;
        var (bound, greatest) = (0L, factCost[relaxed.GoalFact]);
        while (factCost[relaxed.GoalFact] > 0)
            bound += TakeCut(state);
        return Math.Max(bound, greatest);
    }

    /// <summary>The maximum heuristic's cost of every fact, by generalised Dijkstra.</summary>
    private void Explore(ReadOnlySpan<ulong> state)
    {
        Array.Fill(factCost, RelaxedTask.Infinity);
        Array.Fill(costliest, None);
        relaxed.Costs.CopyTo(operatorCost, 0);
        preconditions.CopyTo(missing, 0);
        heap.Clear();
        Reach(relaxed.TrueFact, 0);
        for (var word = 0; word < state.Length; word++)
        {
            for (var bits = state[word]; bits != 0; bits &= bits - 1)
                Reach((word << 6) + BitOperations.TrailingZeroCount(bits), 0);
        }

        while (heap.TryPop(out var cost, out var fact))
        {
            if (cost != factCost[fact])
                continue;
            foreach (var index in relaxed.Readers[fact])
            {
                // Facts come in the order of their cost, so the last one missing costs most.
                if (--missing[index] > 0)
                    continue;
                costliest[index] = fact;
                foreach (var added in relaxed.Adds[index])
                    Reach(added, cost + operatorCost[index]);
            }
        }
    }

    private void Reach(int fact, long cost)
    {
        if (cost >= factCost[fact])
            return;
        factCost[fact] = cost;
        heap.Push(cost, fact);
    }

    private long TakeCut(ReadOnlySpan<ulong> state)
    {
        Array.Clear(zones);
        cut.Clear();
        MarkGoalZone();
        FindCut(state);
        var least = long.MaxValue;
        foreach (var index in cut)
            least = Math.Min(least, operatorCost[index]);
        AddSiblings();
        foreach (var index in cut)
            operatorCost[index] -= least;
        LowerCosts();
        return least;
    }

    /// <summary>Adds the other effects of the steps in the cut; those of one step come one after the other and cost the same.</summary>
    private void AddSiblings()
    {
        var steps = relaxed.Steps;
        for (int i = 0, count = cut.Count; i < count; i++)
        {
            var first = cut[i];
            while (first > 0 && steps[first - 1] == steps[cut[i]])
                first--;
            for (var index = first; index < steps.Length && steps[index] == steps[cut[i]]; index++)
            {
                if (index != cut[i] && !cut.Contains(index))
                    cut.Add(index);
            }
        }
    }

    /// <summary>The facts from which the goal is free, each operator read as an edge from the costliest fact that it demands.</summary>
    private void MarkGoalZone()
    {
        Enter(relaxed.GoalFact, Zone.Goal);
        while (open.TryPop(out var fact))
        {
            foreach (var index in relaxed.Achievers[fact])
            {
                if (costliest[index] != None && operatorCost[index] == 0)
                    Enter(costliest[index], Zone.Goal);
            }
        }
    }

    /// <summary>The operators by which the goal zone is entered on the way from the state.</summary>
    private void FindCut(ReadOnlySpan<ulong> state)
    {
        Enter(relaxed.TrueFact, Zone.Before);
        for (var word = 0; word < state.Length; word++)
        {
            for (var bits = state[word]; bits != 0; bits &= bits - 1)
                Enter((word << 6) + BitOperations.TrailingZeroCount(bits), Zone.Before);
        }

        while (open.TryPop(out var fact))
        {
            foreach (var index in relaxed.Readers[fact])
            {
                if (costliest[index] != fact)
                    continue;
                var adds = relaxed.Adds[index];
                if (EntersGoalZone(adds))
                    cut.Add(index);
                else
                    EnterAll(adds);
            }
        }
    }

    private bool EntersGoalZone(ReadOnlySpan<int> facts)
    {
        foreach (var fact in facts)
        {
            if (zones[fact] == Zone.Goal)
                return true;
        }

        return false;
    }

    private void EnterAll(ReadOnlySpan<int> facts)
    {
        foreach (var fact in facts)
            Enter(fact, Zone.Before);
    }

    private void Enter(int fact, Zone zone)
    {
        if (zones[fact] != Zone.Unknown)
            return;
        zones[fact] = zone;
        open.Push(fact);
    }

    /// <summary>Carries the lower costs of the cut's operators on to the facts that depend on them.</summary>
    private void LowerCosts()
    {
        heap.Clear();
        foreach (var index in cut)
        {
            if (costliest[index] != None)
                Lower(index);
        }

        while (heap.TryPop(out var cost, out var fact))
        {
            if (cost != factCost[fact])
                continue;
            foreach (var index in relaxed.Readers[fact])
            {
                if (costliest[index] == fact)
                    ChooseCostliest(index);
            }
        }
    }

    private void Lower(int index)
    {
        var cost = factCost[costliest[index]] + operatorCost[index];
        foreach (var added in relaxed.Adds[index])
            Reach(added, cost);
    }

    /// <summary>The cost of the operator's costliest demand fell, so that another one may be the costliest now.</summary>
    private void ChooseCostliest(int index)
    {
        var best = costliest[index];
        foreach (var fact in relaxed.Preconditions[index])
        {
            if (factCost[fact] > factCost[best])
                best = fact;
        }

        costliest[index] = best;
        Lower(index);
    }
}
