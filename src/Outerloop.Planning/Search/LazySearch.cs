using Outerloop.Planning.Search.Grounding;
using Outerloop.Planning.Search.Heuristics;
using Outerloop.Planning.Search.Space;

namespace Outerloop.Planning.Search;

/// <summary>
/// Best-first search with deferred evaluation: a state waits under the estimate of its parent and is evaluated when its
/// turn comes. Greedy without a weight; with weight w the key is g + w·h, and states are opened again when a cheaper way
/// to them is found.
/// </summary>
/// <param name="weight">Null for greedy search.</param>
/// <param name="bound">Only plans that cost less are looked for.</param>
internal sealed class LazySearch(GroundTask task, FfHeuristic heuristic, ApplicableOperators operators, SearchEffort effort, int? weight, long bound)
{
    private readonly SearchSpace space = new(task);
    private readonly PreferenceOpenList open = new();
    private readonly List<int> applicable = [];
    private readonly List<int> preferred = [];
    private long best = long.MaxValue;

    /// <summary>A plan; null where none costs less than the bound.</summary>
    /// <exception cref="OperationCanceledException">A limit was reached.</exception>
    public List<GroundOperator>? Run()
    {
        if (task.IsGoal(task.Initial))
            return bound > 0 ? [] : null;
        Open(SearchSpace.Initial);
        while (open.TryPop(out var edge))
        {
            effort.Limits.ThrowIfReached();
            if (space.CostOf(edge.State) + task.Operators[edge.Operator].Cost >= bound)
                continue;
            var (state, arrival) = space.Step(edge.State, edge.Operator, reopens: weight is not null);
            if (arrival is Arrival.Known or Arrival.Dead)
                continue;
            if (task.IsGoal(space[state]))
                return space.PathTo(state);
            Open(state);
        }

        return null;
    }

    /// <summary>Evaluates the state and lets its successors wait.</summary>
    private void Open(int state)
    {
        var estimate = heuristic.Evaluate(space[state], preferred);
        effort.CountEvaluation(Math.Min(best, estimate));
        if (estimate == FfHeuristic.DeadEnd)
            return;
        if (estimate < best)
        {
            best = estimate;
            open.NoteProgress();
        }

        effort.CountExpansion();
        operators.In(space[state], applicable);
        var key = weight is { } w ? space.CostOf(state) + (w * estimate) : estimate;
        foreach (var index in preferred)
            open.PushPreferred(key, new Edge(state, index));
        foreach (var index in applicable)
            open.Push(key, new Edge(state, index));
    }
}
