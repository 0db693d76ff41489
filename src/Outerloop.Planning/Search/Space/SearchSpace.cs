using Outerloop.Planning.Search.Grounding;

namespace Outerloop.Planning.Search.Space;

/// <summary>The states met so far, and the cheapest known way to each.</summary>
internal sealed class SearchSpace
{
    public const int None = -1;

    private readonly GroundTask task;
    private readonly NumberedSet<ulong> states;
    private readonly ulong[] scratch;
    private readonly List<int> parents = [];
    private readonly List<int> operators = [];
    private readonly List<long> costs = [];

    public SearchSpace(GroundTask task)
    {
        this.task = task;
        states = new NumberedSet<ulong>(task.Words);
        scratch = new ulong[task.Words];
        states.Add(task.Initial);
        parents.Add(None);
        operators.Add(None);
        costs.Add(0);
    }

    public const int Initial = 0;

    public ReadOnlySpan<ulong> this[int state] => states[state];

    /// <summary>The cost of the cheapest known way.</summary>
    public long CostOf(int state) => costs[state];

    /// <summary>
    /// Takes a step. The way is kept when the state is new, or known but <paramref name="reopens"/> and the way cheaper.
    /// </summary>
    public (int State, Arrival Arrival) Step(int parent, int index, bool reopens)
    {
        var step = task.Operators[index];
        task.Apply(step, states[parent], scratch);
        if (task.DeadEnds?.IsEntered(states[parent], scratch) == true)
            return (None, Arrival.Dead);
        var (state, isNew) = states.Add(scratch);
        var cost = costs[parent] + step.Cost;
        if (isNew)
        {
            parents.Add(parent);
            operators.Add(index);
            costs.Add(cost);
            return (state, Arrival.New);
        }

        if (!reopens || cost >= costs[state])
            return (state, Arrival.Known);
        (parents[state], operators[state], costs[state]) = (parent, index, cost);
        return (state, Arrival.Cheaper);
    }

    /// <summary>The operators of the cheapest known way.</summary>
    public List<GroundOperator> PathTo(int state)
    {
        var path = new List<GroundOperator>();
        for (; parents[state] != None; state = parents[state])
            path.Add(task.Operators[operators[state]]);
        path.Reverse();
        return path;
    }
}

/// <summary>What a step met.</summary>
internal enum Arrival
{
    New,
    Cheaper,
    Known,

    /// <summary>A state that is not kept, since the goal cannot be reached from it.</summary>
    Dead,
}
