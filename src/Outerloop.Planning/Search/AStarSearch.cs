using Outerloop.Planning.Search.Grounding;
using Outerloop.Planning.Search.Heuristics;
using Outerloop.Planning.Search.Space;

namespace Outerloop.Planning.Search;

/// <summary>
/// A* with the LM-cut heuristic: the first plan taken from the open list costs least. The heuristic is admissible but not
/// consistent, so a state that was closed is opened again when a cheaper way to it is found.
/// </summary>
internal sealed class AStarSearch
{
    private readonly GroundTask task;
    private readonly LmCutHeuristic heuristic;
    private readonly ApplicableOperators operators;
    private readonly SearchEffort effort;
    private readonly SearchSpace space;
    private readonly OpenList<(long Cost, long Estimate), (int State, long Cost)> open = new(); // cheapest plan first, then nearest to the goal
    private readonly List<long> estimates = []; // by state
    private long bound;

    public AStarSearch(GroundTask task, SearchEffort effort)
    {
        (this.task, this.effort) = (task, effort);
        heuristic = new LmCutHeuristic(task, effort.Limits);
        operators = new ApplicableOperators(task, effort.Limits);
        space = new SearchSpace(task);
    }

    /// <summary>A plan of least cost; null where there is none.</summary>
    /// <exception cref="OperationCanceledException">A limit was reached.</exception>
    public List<GroundOperator>? Run()
    {
        Open(SearchSpace.Initial, Arrival.New);
        var applicable = new List<int>();
        while (open.TryPop(out var entry))
        {
            effort.Limits.ThrowIfReached();
            if (entry.Cost != space.CostOf(entry.State))
                continue; // a cheaper way was found meanwhile
            bound = Math.Max(bound, entry.Cost + estimates[entry.State]);
            if (task.IsGoal(space[entry.State]))
                return space.PathTo(entry.State);
            effort.CountExpansion();
            operators.In(space[entry.State], applicable);
            foreach (var index in applicable)
            {
                var (state, arrival) = space.Step(entry.State, index, reopens: true);
                Open(state, arrival);
            }
        }

        return null;
    }

    private void Open(int state, Arrival arrival)
    {
        if (arrival is Arrival.Known or Arrival.Dead)
            return;
        if (arrival == Arrival.New)
        {
            estimates.Add(heuristic.Evaluate(space[state]));
            effort.CountEvaluation(bound);
        }

        var estimate = estimates[state];
        if (estimate != LmCutHeuristic.DeadEnd)
            open.Push((space.CostOf(state) + estimate, estimate), (state, space.CostOf(state)));
    }
}
