using Outerloop.Planning.Search.Grounding;

namespace Outerloop.Planning.Search.Heuristics;

/// <summary>
/// The task without deletions. Two facts are added to those of the task: <see cref="TrueFact"/> holds always, so that
/// every operator has a precondition, and <see cref="GoalFact"/> is brought about by the last operator, free of charge, when all goals
/// hold. A conditional effect is an operator of its own.
/// </summary>
internal sealed class RelaxedTask
{
    /// <summary>What a fact costs that cannot be reached.</summary>
    public const long Infinity = 1L << 39;

    public RelaxedTask(GroundTask task, Func<GroundOperator, int> costOf, SearchLimits limits)
    {
        TrueFact = task.FactCount;
        GoalFact = task.FactCount + 1;
        FactCount = task.FactCount + 2;
        var operators = new List<RelaxedOperator>();
        foreach (var i in limits.Each(Enumerable.Range(0, task.Operators.Length)))
            operators.AddRange(Relax(task, i, costOf(task.Operators[i])));
        operators.Add(new RelaxedOperator(-1, Demanded(task.Goal), [GoalFact], 0));
        Costs = [.. operators.Select(o => (long)o.Cost)];
        Steps = [.. operators.Select(o => o.Step)];
        Preconditions = new IntLists([.. operators.Select(o => o.Precondition)]);
        Adds = new IntLists([.. operators.Select(o => o.Adds)]);
        Readers = Index(operators, o => o.Precondition, limits);
        Achievers = Index(operators, o => o.Adds, limits);
    }

    public int FactCount { get; }

    public int TrueFact { get; }

    public int GoalFact { get; }

    /// <summary>By operator.</summary>
    public long[] Costs { get; }

    /// <summary>For each operator the one of the task that it stands for, or -1.</summary>
    public int[] Steps { get; }

    /// <summary>For each operator the facts that it demands, at least one.</summary>
    public IntLists Preconditions { get; }

    /// <summary>For each operator the facts that it brings about.</summary>
    public IntLists Adds { get; }

    /// <summary>For each fact the operators that demand it.</summary>
    public IntLists Readers { get; }

    /// <summary>For each fact the operators that bring it about.</summary>
    public IntLists Achievers { get; }

    private IEnumerable<RelaxedOperator> Relax(GroundTask task, int index, int cost)
    {
        var step = task.Operators[index];
        foreach (var effect in step.Effects)
        {
            var adds = task.SetBy(effect);
            if (adds.Length > 0)
                yield return new RelaxedOperator(index, Demanded([.. step.Precondition.Union(effect.Condition)]), adds, cost);
        }
    }

    private int[] Demanded(int[] facts) => facts.Length == 0 ? [TrueFact] : facts;

    private IntLists Index(List<RelaxedOperator> operators, Func<RelaxedOperator, int[]> factsOf, SearchLimits limits)
    {
        var lists = new List<int>[FactCount];
        for (var i = 0; i < FactCount; i++)
            lists[i] = [];
        foreach (var i in limits.Each(Enumerable.Range(0, operators.Count)))
        {
            foreach (var fact in factsOf(operators[i]))
                lists[fact].Add(i);
        }

        return new IntLists(lists);
    }

    private sealed record RelaxedOperator(int Step, int[] Precondition, int[] Adds, int Cost);
}
