using System.Numerics;
using Outerloop.Planning.Search.Grounding;

namespace Outerloop.Planning.Search.Space;

/// <summary>
/// Finds the operators that can be taken in a state. Each operator waits at the fact of its precondition that fewest
/// operators demand, so that few are looked at in vain.
/// </summary>
internal sealed class ApplicableOperators
{
    private readonly GroundTask task;
    private readonly int[] always;
    private readonly int[]?[] waiting; // by fact

    public ApplicableOperators(GroundTask task, SearchLimits limits)
    {
        this.task = task;
        var demand = new int[task.FactCount];
        foreach (var fact in limits.Each(task.Operators).SelectMany(o => o.Precondition))
            demand[fact]++;
        var byFact = limits.Each(Enumerable.Range(0, task.Operators.Length))
            .Where(i => task.Operators[i].Precondition.Length > 0)
            .ToLookup(i => task.Operators[i].Precondition.MinBy(fact => demand[fact]));
        always = [.. Enumerable.Range(0, task.Operators.Length).Where(i => task.Operators[i].Precondition.Length == 0)];
        waiting = [.. Enumerable.Range(0, task.FactCount).Select(fact => byFact.Contains(fact) ? byFact[fact].ToArray() : null)];
    }

    /// <summary>Fills the list, in an order that depends on the state only.</summary>
    public void In(ReadOnlySpan<ulong> state, List<int> applicable)
    {
        applicable.Clear();
        applicable.AddRange(always);
        for (var word = 0; word < state.Length; word++)
        {
            for (var bits = state[word]; bits != 0; bits &= bits - 1)
            {
                foreach (var index in waiting[(word << 6) + BitOperations.TrailingZeroCount(bits)] ?? [])
                {
                    if (GroundTask.Holds(task.Operators[index].Precondition, state))
                        applicable.Add(index);
                }
            }
        }
    }
}
