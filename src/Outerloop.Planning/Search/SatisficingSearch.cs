using Outerloop.Planning.Search.Grounding;
using Outerloop.Planning.Search.Heuristics;
using Outerloop.Planning.Search.Space;

namespace Outerloop.Planning.Search;

/// <summary>
/// Greedy search for a first plan, whose estimates count steps. Where better ones are wanted, searches with falling
/// weights follow, each below the cost of the best plan so far; the last one ends with the proof that none is cheaper.
/// </summary>
internal sealed class SatisficingSearch(GroundTask task, SearchEffort effort, bool anytime)
{
    private static readonly int[] Weights = [5, 3, 2, 1];

    private readonly ApplicableOperators operators = new(task, effort.Limits);

    /// <summary>Each plan as it is found, cheaper than the one before.</summary>
    /// <exception cref="OperationCanceledException">A limit was reached.</exception>
    /// <remarks>Whether the last one is the best is told by <see cref="IsExhausted"/>.</remarks>
    public IEnumerable<List<GroundOperator>> Plans()
    {
        var plan = Search(new FfHeuristic(task, o => o.Instance is null ? 0 : 1, effort.Limits), null, long.MaxValue);
        if (plan is not null)
            yield return plan;
        if (plan is null || !anytime)
            yield break;
        // Free steps count a little, or plans would be padded with them.
        var areFree = Array.Exists(task.Operators, o => o is { Cost: 0, Instance: not null });
        var heuristic = new FfHeuristic(task, o => areFree ? o.Cost + 1 : o.Cost, effort.Limits);
        for (var round = 0; round < Weights.Length && !IsExhausted;)
        {
            var better = Search(heuristic, Weights[round], plan.Sum(o => (long)o.Cost));
            if (better is not null)
                yield return plan = better;
            if (better is null || round < Weights.Length - 1)
                round++;
        }
    }

    /// <summary>Whether everything below the cost of the last plan, or everything at all, was looked at.</summary>
    public bool IsExhausted { get; private set; }

    private List<GroundOperator>? Search(FfHeuristic heuristic, int? weight, long bound)
    {
        var plan = new LazySearch(task, heuristic, operators, effort, weight, bound).Run();
        IsExhausted = plan is null;
        return plan;
    }
}
