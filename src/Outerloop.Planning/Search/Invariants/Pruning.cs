using Outerloop.Planning.Search.Grounding;

namespace Outerloop.Planning.Search.Invariants;

/// <summary>
/// Takes away operators that no plan takes, and finds pairs of facts from which no plan goes on: pairwise reachability
/// from the initial state and, with every operator reversed, from the goal (Alcázar and Torralba, ICAPS 2015).
/// </summary>
internal sealed class Pruning
{
    /// <summary>Words looked at in a pass over all operators: tens of milliseconds for all passes.</summary>
    private const long MostWork = 1 << 21;

    private const int MostFacts = 1 << 13;

    private readonly GroundTask task;
    private readonly SearchLimits limits;
    private GroundOperator[] operators;

    private Pruning(GroundTask task, SearchLimits limits)
    {
        (this.task, this.limits) = (task, limits);
        operators = task.Operators;
    }

    /// <summary>The task with the operators that are left; unchanged where it is too large or has conditional effects.</summary>
    public static GroundTask Prune(GroundTask task, SearchLimits limits) =>
        task.FactCount > MostFacts || (long)task.Operators.Length * task.Words > MostWork || Array.Exists(task.Operators, o => o.IsConditional)
            ? task
            : new Pruning(task, limits).Run();

    private GroundTask Run()
    {
        while (true)
        {
            var reachable = Reachable();
            var hopeful = new FactPairs(task.FactCount);
            AddGoalPairs(hopeful, reachable);
            var before = operators.Length;
            Extend(hopeful, reachable, Backward);
            if (operators.Length == before)
                return task with { Operators = operators, DeadEnds = new DeadEnds(reachable, hopeful) };
        }
    }

    private FactPairs Reachable()
    {
        var pairs = new FactPairs(task.FactCount);
        int[] initial = [.. Enumerable.Range(0, task.FactCount).Where(fact => GroundTask.Holds([fact], task.Initial))];
        foreach (var left in initial)
        {
            foreach (var right in initial)
                pairs.Add(left, right);
        }

        Extend(pairs, null, o => new PairStep(o.Precondition, SetBy(o), UnsetBy(o), []));
        return pairs;
    }

    /// <summary>All that can hold beside the goal.</summary>
    private void AddGoalPairs(FactPairs hopeful, FactPairs reachable)
    {
        var beside = new ulong[reachable.Words];
        Array.Fill(beside, ulong.MaxValue);
        reachable.Intersect(beside, task.Goal);
        for (var left = 0; left < task.FactCount; left++)
        {
            limits.ThrowIfReached();
            for (var right = 0; right <= left; right++)
            {
                if (Has(beside, left) && Has(beside, right) && Has(reachable[left], right))
                    hopeful.Add(left, right);
            }
        }
    }

    /// <summary>
    /// From the state after the operator to the one before: what it set and what it left alone of its precondition holds
    /// after it, and what it unset may have held before it.
    /// </summary>
    private PairStep Backward(GroundOperator step)
    {
        var (set, unset) = (SetBy(step), UnsetBy(step));
        return new PairStep([.. step.Precondition.Except(unset).Union(set)], unset, [], step.Precondition);
    }

    private void Extend(FactPairs pairs, FactPairs? bound, Func<GroundOperator, PairStep> stepOf)
    {
        var reachability = new PairReachability(pairs, bound, [.. limits.Each(operators).Select(stepOf)], limits);
        reachability.Run();
        operators = [.. operators.Where((_, i) => reachability.IsPossible[i])];
    }

    private static bool Has(ReadOnlySpan<ulong> set, int fact) => (set[fact >> 6] >> fact & 1) != 0;

    private int[] SetBy(GroundOperator step) => [.. step.Effects.SelectMany(task.SetBy)];

    private int[] UnsetBy(GroundOperator step) => [.. step.Effects.SelectMany(task.UnsetBy)];
}
