using Outerloop.Planning.Search;
using Outerloop.Planning.Search.Grounding;
using Outerloop.Planning.Search.Heuristics;
using Outerloop.Planning.Search.Space;

namespace Outerloop.Planning.Tests.Search;

public sealed class HeuristicTests
{
    [Fact]
    public void Lm_cut_never_exceeds_the_cost_of_a_cheapest_plan_from_any_state() => Seeds.Each(150, seed =>
    {
        if (Ground(seed) is not { } task)
            return;
        var states = new ReachableStates(task);
        var heuristic = new LmCutHeuristic(task);
        for (var i = 0; i < states.Count; i++)
        {
            var estimate = heuristic.Evaluate(states[i]);
            if (states.DistanceToGoal(i) is { } distance)
                Assert.InRange(estimate, 0, distance);
        }
    });

    [Fact]
    public void A_state_that_ff_gives_up_has_no_plan() => Seeds.Each(150, seed =>
    {
        if (Ground(seed) is not { } task)
            return;
        var states = new ReachableStates(task);
        var heuristic = new FfHeuristic(task, o => o.Cost);
        for (var i = 0; i < states.Count; i++)
        {
            if (heuristic.Evaluate(states[i], []) == FfHeuristic.DeadEnd)
                Assert.Null(states.DistanceToGoal(i));
        }
    });

    [Fact]
    public void Applicable_operators_are_those_whose_precondition_holds() => Seeds.Each(50, seed =>
    {
        if (Ground(seed) is not { } task)
            return;
        var states = new ReachableStates(task);
        var (operators, found) = (new ApplicableOperators(task), new List<int>());
        for (var i = 0; i < states.Count; i++)
        {
            operators.In(states[i], found);
            var state = states[i];
            Assert.Equal(Enumerable.Range(0, task.Operators.Length).Where(o => GroundTask.Holds(task.Operators[o].Precondition, state)), found.Order());
        }
    });

    private static GroundTask? Ground(int seed) =>
        Grounder.Ground(new RandomStripsTask(seed).Problem, new SearchLimits(new SearchOptions(), default)).Task;

    /// <summary>All states of a task with their true distances, by Bellman's equation.</summary>
    private sealed class ReachableStates
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
}
