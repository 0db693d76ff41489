using Outerloop.Planning.Search.Grounding;

namespace Outerloop.Planning.Tests.Search;

/// <summary>Dijkstra's algorithm over the states of a ground task, without heuristics and pruning.</summary>
internal static class ExhaustiveSearch
{
    /// <summary>The cost of a cheapest plan; null where there is none, or more than so many states are met.</summary>
    public static long? LeastCost(GroundTask task, int mostStates)
    {
        var costs = new Dictionary<string, long> { [Key(task.Initial)] = 0 };
        var open = new PriorityQueue<ulong[], long>([(task.Initial, 0)]);
        while (open.TryDequeue(out var state, out var cost) && costs.Count <= mostStates)
        {
            if (task.IsGoal(state))
                return cost;
            foreach (var step in task.Operators.Where(o => GroundTask.Holds(o.Precondition, state)))
            {
                var after = new ulong[task.Words];
                task.Apply(step, state, after);
                if (costs.TryGetValue(Key(after), out var known) && known <= cost + step.Cost)
                    continue;
                costs[Key(after)] = cost + step.Cost;
                open.Enqueue(after, cost + step.Cost);
            }
        }

        return null;
    }

    private static string Key(ulong[] state) => string.Join(',', state);
}
