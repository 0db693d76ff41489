using Outerloop.Planning.Search;
using Outerloop.Planning.Search.Grounding;
using Outerloop.Planning.Search.Invariants;

namespace Outerloop.Planning.Tests.Search;

public sealed class PruningTests
{
    private const int Tasks = 300;

    [Fact]
    public void Every_state_of_a_dead_end_is_one() => Seeds.Each(Tasks, seed =>
    {
        if (Ground(seed) is not { } task)
            return;
        var states = new ReachableStates(task);
        var deadEnds = Pruning.Prune(task, NoLimits).DeadEnds!;
        for (var i = 0; i < states.Count; i++)
        {
            if (deadEnds.IsEntered([], states[i]))
                Assert.Null(states.DistanceToGoal(i));
        }
    });

    [Fact]
    public void Operators_that_are_taken_away_make_no_plan_longer() => Seeds.Each(Tasks, seed =>
    {
        if (Ground(seed) is not { } task)
            return;
        var pruned = Pruning.Prune(task, NoLimits);

        Assert.Equal(new ReachableStates(task).DistanceToGoal(0), new ReachableStates(pruned).DistanceToGoal(0));
    });

    [Fact]
    public void Some_operators_are_taken_away_and_some_dead_ends_found()
    {
        var tasks = Enumerable.Range(0, Tasks).Select(Ground).OfType<GroundTask>().ToList();

        Assert.Contains(tasks, task => Pruning.Prune(task, NoLimits).Operators.Length < task.Operators.Length);
        Assert.Contains(tasks, task =>
        {
            var (states, deadEnds) = (new ReachableStates(task), Pruning.Prune(task, NoLimits).DeadEnds!);
            return Enumerable.Range(0, states.Count).Any(i => deadEnds.IsEntered([], states[i]));
        });
    }

    private static SearchLimits NoLimits => new(new SearchOptions(), default);

    private static GroundTask? Ground(int seed) => Grounder.Ground(new RandomStripsTask(seed).Problem, NoLimits).Task;
}
