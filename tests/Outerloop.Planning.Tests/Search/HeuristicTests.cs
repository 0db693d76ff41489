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
        var heuristic = new LmCutHeuristic(task, NoLimits);
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
        var heuristic = new FfHeuristic(task, o => o.Cost, NoLimits);
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
        var (operators, found) = (new ApplicableOperators(task, NoLimits), new List<int>());
        for (var i = 0; i < states.Count; i++)
        {
            operators.In(states[i], found);
            var state = states[i];
            Assert.Equal(Enumerable.Range(0, task.Operators.Length).Where(o => GroundTask.Holds(task.Operators[o].Precondition, state)), found.Order());
        }
    });

    private static SearchLimits NoLimits => new(new SearchOptions(), default);

    private static GroundTask? Ground(int seed) => Grounder.Ground(new RandomStripsTask(seed).Problem, NoLimits).Task;
}
