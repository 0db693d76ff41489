using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Search;
using Outerloop.Planning.Search.Grounding;
using Outerloop.Planning.Search.Heuristics;
using Outerloop.Planning.Search.Invariants;
using Outerloop.Planning.Search.Space;

namespace Outerloop.Planning.Tests.Search;

public sealed class SearchLimitsTests
{
    private static readonly Problem Blocks = BlocksOf(12);

    private static readonly GroundTask Task = Grounder.Ground(Blocks, Limits(default)).Task!;

    private static readonly Dictionary<string, Action<SearchLimits>> Work = new()
    {
        ["grounding"] = limits => Grounder.Ground(Blocks, limits),
        ["drafting"] = limits => new OperatorDrafting(Lifting.Lift(Blocks).Task!, Instances(), limits).Run(),
        ["pruning"] = limits => Pruning.Prune(Task, limits),
        ["applicable operators"] = limits => _ = new ApplicableOperators(Task, limits),
        ["the FF heuristic"] = limits => _ = new FfHeuristic(Task, o => o.Cost, limits),
        ["LM-cut"] = limits => _ = new LmCutHeuristic(Task, limits),
        ["greedy search"] = limits => new SatisficingSearch(Task, new SearchEffort(limits, null), anytime: false).Plans().ToList(),
        ["A*"] = limits => new AStarSearch(Task, new SearchEffort(limits, null)).Run(),
    };

    public static TheoryData<string> WorkNames => [.. Work.Keys];

    [Theory]
    [MemberData(nameof(WorkNames))]
    public void All_work_ends_when_it_is_cancelled(string name) =>
        Assert.Throws<OperationCanceledException>(() => Work[name](Limits(new CancellationToken(canceled: true))));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Wherever_the_time_is_up_the_clock_is_not_asked_for_more(bool optimal)
    {
        var problem = BlocksOf(4);
        var clock = new CountingClock();
        var options = new SearchOptions { Optimal = optimal, Clock = clock, Timeout = TimeSpan.FromDays(1) };
        Assert.Equal(SearchOutcome.Solved, Planner.Solve(problem, options).Outcome);
        var looks = clock.Looks;
        Assert.InRange(looks, 10, 100_000);

        for (var limit = 1; limit < looks - 5; limit++)
        {
            clock.Looks = 0;
            var result = Planner.Solve(problem, options with { Timeout = TimeSpan.FromSeconds(limit) });
            Assert.Equal(SearchOutcome.TimedOut, result.Outcome);
            Assert.InRange(clock.Looks, limit, limit + 5);
        }
    }

    private static SearchLimits Limits(CancellationToken cancellation) => new(new SearchOptions(), cancellation);

    private static Problem BlocksOf(int count)
    {
        var world = new Blocksworld();
        return Samples.ReadProblem(world.GenerateProblem("p", world.PoolSizes.With("blocks", count, count), new Random(1)), world.Domain).Required();
    }

    private static List<ActionInstance> Instances()
    {
        var reachability = new Reachability(Lifting.Lift(Blocks).Task!, Limits(default));
        reachability.Run();
        return reachability.Instances;
    }

    /// <summary>Each look at the clock takes a second.</summary>
    private sealed class CountingClock : TimeProvider
    {
        public long Looks { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Looks++;
    }
}
