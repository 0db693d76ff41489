using Outerloop.Planning.Search.Grounding;

namespace Outerloop.Planning.Tests.Search;

/// <summary>All states of a task with their true distances, by Bellman's equation.</summary>
internal sealed class ReachableStates
{
    private readonly List<ulong[]> states = [];
    private readonly long?[] distances;

    public ReachableStates(GroundTask task)
    {
        var numbers = new Dictionary<string, int>();
        var edges = new List<(int From, int To, int Cost)>();
        Meet(task.Initial, numbers);
        for (var i = 0; i < states.Count; i++)
        {
            foreach (var step in task.Operators.Where(o => GroundTask.Holds(o.Precondition, states[i])))
            {
                var after = new ulong[task.Words];
                task.Apply(step, states[i], after);
                edges.Add((i, Meet(after, numbers), step.Cost));
            }
        }

        distances = [.. states.Select(s => task.IsGoal(s) ? 0L : (long?)null)];
        while (edges.Exists(Relax))
        {
        }
    }

    public int Count => states.Count;

    public ulong[] this[int state] => states[state];

    public long? DistanceToGoal(int state) => distances[state];

    private int Meet(ulong[] state, Dictionary<string, int> numbers)
    {
        var key = string.Join(',', state);
        if (numbers.TryGetValue(key, out var known))
            return known;
        states.Add(state);
        return numbers[key] = states.Count - 1;
    }

    private bool Relax((int From, int To, int Cost) edge)
    {
        if (distances[edge.To] is not { } rest || distances[edge.From] <= rest + edge.Cost)
            return false;
        distances[edge.From] = rest + edge.Cost;
        return true;
    }
}
