using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Search;
using Outerloop.Planning.Search.Grounding;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Search;

public sealed class PlannerTests
{
    private static readonly Blocksworld World = new();

    public static TheoryData<string> DomainNames => [.. DomainCatalog.All.Select(d => d.Name)];

    private static readonly SearchOptions Greedy = new();

    private static readonly SearchOptions Optimal = new() { Optimal = true };

    private static readonly SearchOptions Anytime = new() { Anytime = true };

    [Fact]
    public void An_optimal_plan_costs_as_little_as_exhaustive_search_finds() => Seeds.Each(400, seed =>
    {
        var task = new RandomStripsTask(seed);

        var result = Planner.Solve(task.Problem, Optimal);

        AssertLeast(task.LeastCost(), result);
    });

    [Fact]
    public void Anytime_search_ends_with_the_proof_that_no_plan_is_cheaper() => Seeds.Each(200, seed =>
    {
        var task = new RandomStripsTask(seed);
        var costs = new List<double>();

        var result = Planner.Solve(task.Problem, Anytime with { OnPlan = plan => costs.Add(plan.Cost) });

        AssertLeast(task.LeastCost(), result);
        Assert.Equal(costs.Distinct().OrderDescending(), costs);
    });

    [Fact]
    public void Greedy_search_solves_exactly_the_solvable_tasks() => Seeds.Each(200, seed =>
    {
        var task = new RandomStripsTask(seed);

        var result = Planner.Solve(task.Problem, Greedy);

        Assert.Equal(task.LeastCost() is null ? SearchOutcome.Unsolvable : SearchOutcome.Solved, result.Outcome);
        Assert.Equal(result.Plan is not null, new PlanValidator(task.Problem).Validate(result.Plan ?? new Plan([])).IsValid);
    });

    [Fact]
    public void An_optimal_blocks_plan_is_as_short_as_breadth_first_search_finds() => Seeds.Each(100, seed =>
    {
        var problem = Read(World.GenerateProblem("p", World.PoolSizes.With("blocks", 2, 5), new Random(seed)));

        var result = Planner.Solve(problem, Optimal);

        Assert.Equal(BlocksDistance.Of(problem), result.Cost);
    });

    [Fact]
    public void Whatever_grounding_compiles_away_leaves_the_shortest_plan_as_it_was() => Seeds.Each(500, seed =>
    {
        var problem = new RandomAdlTask(seed).Problem;
        var (length, isDecided) = ReferenceSearch.ShortestPlan(problem, mostStates: 150);
        if (!isDecided)
            return;

        AssertLeast(length, Planner.Solve(problem, Anytime));
        AssertLeast(length, Planner.Solve(problem, Optimal));
    });

    [Fact]
    public void Random_tasks_are_neither_all_trivial_nor_all_unsolvable()
    {
        var strips = Enumerable.Range(0, 200).Select(seed => new RandomStripsTask(seed).LeastCost()).ToList();
        var adl = Enumerable.Range(0, 100).Select(seed => ReferenceSearch.ShortestPlan(new RandomAdlTask(seed).Problem, mostStates: 150)).ToList();

        Assert.InRange(strips.Count(c => c > 1), 50, 150);
        Assert.InRange(strips.Count(c => c is null), 25, 150);
        Assert.InRange(adl.Count(a => a.Length > 1), 8, 90);
        Assert.InRange(adl.Count(a => a.IsDecided && a.Length is null), 10, 80);
    }

    [Fact]
    public void The_same_problem_gives_the_same_plan() => Seeds.Each(30, seed =>
    {
        var text = World.GenerateProblem("p", World.PoolSizes, new Random(seed));

        var (first, second) = (Planner.Solve(Read(text)), Planner.Solve(Read(text)));

        Assert.Equal(first.Plan!.ToString(), second.Plan!.ToString());
        Assert.Equal(first.Evaluated, second.Evaluated);
    });

    [Theory]
    [MemberData(nameof(DomainNames))]
    public void Default_tasks_are_solved_with_few_evaluations(string name)
    {
        var domain = DomainCatalog.Find(name)!;
        var random = new Random(1);
        var problems = Enumerable.Range(0, 100).Select(_ => Samples.ReadProblem(domain.GenerateProblem("p", domain.PoolSizes, random), domain.Domain).Required());
        var results = problems.Select(p => Planner.Solve(p)).ToList();

        Assert.All(results, r => Assert.Equal(SearchOutcome.Solved, r.Outcome));
        // An evaluation of such a task takes ten to twenty microseconds: a second is tens of thousands of them.
        var evaluated = results.Select(r => r.Evaluated).Order().ToList();
        Assert.InRange(evaluated[evaluated.Count / 2], 1, 1_000);
        Assert.InRange(evaluated[^1], 1, 20_000);
    }

    [Theory]
    [MemberData(nameof(DomainNames))]
    public void Easy_tasks_are_solved_by_plans_that_validate(string name)
    {
        var domain = DomainCatalog.Find(name)!;

        Seeds.Each(3, seed =>
        {
            var problem = Samples.ReadProblem(domain.GenerateProblem("p", domain.SizesOf(Difficulty.Easy), new Random(seed)), domain.Domain).Required();
            var result = Planner.Solve(problem, Greedy with { Timeout = TimeSpan.FromMinutes(1) });
            Assert.Equal(SearchOutcome.Solved, result.Outcome);
            Assert.True(new PlanValidator(problem).Validate(result.Plan!).IsValid);
        });
    }

    [Theory]
    [MemberData(nameof(DomainNames))]
    public void An_optimal_plan_of_a_tiny_task_costs_as_little_as_exhaustive_search_finds(string name)
    {
        var domain = DomainCatalog.Find(name)!;
        var sizes = domain.Parameters.Aggregate(domain.PoolSizes, (all, p) => all.With(p.Name, p.Pool.Min, p.Pool.Min));
        var decided = 0;

        Seeds.Each(5, seed =>
        {
            var problem = Samples.ReadProblem(domain.GenerateProblem("p", sizes, new Random(seed)), domain.Domain).Required();
            var task = Grounder.Ground(problem, new SearchLimits(Greedy, default)).Task!;
            if (ExhaustiveSearch.LeastCost(task, mostStates: 10_000) is not { } cost)
                return;
            decided++;
            AssertLeast(cost, Planner.Solve(problem, Optimal));
        });

        Assert.InRange(decided, 1, 5);
    }

    [Fact]
    public void Types_constants_negation_and_equality_are_grounded()
    {
        var result = Planner.Solve(Samples.Problem(Samples.Courier, Samples.CourierProblem), Optimal);

        Assert.Equal(4, result.Cost);
        Assert.True(result.IsOptimal);
    }

    [Fact]
    public void A_task_whose_goal_holds_already_has_the_empty_plan()
    {
        var problem = Samples.Problem(Samples.Flat("(:action a :effect (q))"), Samples.FlatProblem("(p)", "(p)"));

        Assert.Equal(0, Planner.Solve(problem, Optimal).Plan!.Length);
        Assert.Equal(0, Planner.Solve(problem, Greedy).Plan!.Length);
        Assert.True(Planner.Solve(problem, Anytime).IsOptimal);
    }

    [Fact]
    public void A_goal_that_is_lost_on_the_way_to_the_other_one_is_recognised_as_unsolvable()
    {
        var problem = Samples.Problem(
            Samples.Flat("(:action swap :precondition (p) :effect (and (not (p)) (q)))"),
            Samples.FlatProblem("(p)", "(and (p) (q))"));

        Assert.Equal(SearchOutcome.Unsolvable, Planner.Solve(problem, Greedy).Outcome);
        Assert.Equal(SearchOutcome.Unsolvable, Planner.Solve(problem, Optimal).Outcome);
    }

    [Fact]
    public void Costs_may_have_decimals_and_depend_on_the_parameters()
    {
        const string domain = """
            (define (domain road) (:predicates (at ?x) (road ?x ?y)) (:functions (length ?x ?y) (total-cost))
            (:action go :parameters (?x ?y) :precondition (and (at ?x) (road ?x ?y))
              :effect (and (not (at ?x)) (at ?y) (increase (total-cost) (* 2 (length ?x ?y))))))
            """;
        const string problem = """
            (define (problem p) (:domain road) (:objects a b c)
            (:init (at a) (road a c) (road a b) (road b c) (= (length a c) 1) (= (length a b) 0.25) (= (length b c) 0.5) (= (total-cost) 3))
            (:goal (at c)) (:metric minimize (total-cost)))
            """;

        var result = Planner.Solve(Samples.Problem(domain, problem), Optimal);

        Assert.Equal(4.5, result.Cost);
    }

    [Theory]
    [InlineData("(:derived (r) (p)) (:action a :effect (q))", "(r)", "derived predicates")]
    [InlineData("(:functions (f)) (:action a :precondition (> (f) 1) :effect (and (q) (increase (f) 1)))", "(q)", "numeric fluents")]
    [InlineData("(:functions (f)) (:action a :effect (and (q) (assign (f) 1)))", "(q)", "numeric effects")]
    [InlineData("(:functions (f)) (:action a :effect (and (q) (increase (total-cost) -1)))", "(q)", "negative")]
    public void What_search_does_not_handle_is_named(string sections, string goal, string named)
    {
        var hasCost = sections.Contains("total-cost");
        var problem = Samples.Problem(
            Samples.Flat(sections.Replace("(f))", hasCost ? "(f) (total-cost))" : "(f))")),
            Samples.FlatProblem(sections.Contains("(> (f)") ? "(p) (= (f) 0)" : "(p)", goal, hasCost ? "(:metric minimize (total-cost))" : ""));

        var result = Planner.Solve(problem);

        Assert.Equal(SearchOutcome.Unsupported, result.Outcome);
        Assert.Contains(named, result.Message);
    }

    [Fact]
    public void A_condition_of_an_effect_is_seen_by_all_searches()
    {
        var problem = Samples.Problem(
            Samples.Flat("(:action a :effect (when (p) (q)))"),
            Samples.FlatProblem("(p)", "(q)"));
        var open = Samples.Problem(
            Samples.Flat("(:action a :effect (and (when (p) (q)) (not (p)))) (:action b :effect (p))"),
            Samples.FlatProblem("", "(q)"));

        Assert.Equal(1, Planner.Solve(problem, Optimal).Cost);
        Assert.Equal(2, Planner.Solve(open, Optimal).Cost);
        Assert.Equal(2, Planner.Solve(open, Greedy).Cost);
    }

    [Fact]
    public void An_atom_that_is_added_and_deleted_by_one_step_holds_afterwards()
    {
        var problem = Samples.Problem(
            Samples.Flat("(:action a :effect (and (when (p) (not (q))) (when (p) (q)))) (:action b :precondition (not (q)) :effect (r))"),
            Samples.FlatProblem("(p) (q)", "(r)"));

        Assert.Equal(SearchOutcome.Unsolvable, Planner.Solve(problem, Greedy).Outcome);
    }

    [Fact]
    public void A_search_stops_when_the_time_is_up_and_when_it_is_cancelled()
    {
        var problem = Read(World.GenerateProblem("p", World.PoolSizes.With("blocks", 40, 40), new Random(3)));

        Assert.Equal(SearchOutcome.TimedOut, Planner.Solve(problem, Optimal with { Timeout = TimeSpan.FromMilliseconds(50) }).Outcome);
        Assert.Equal(SearchOutcome.Cancelled, Planner.Solve(problem, Optimal, new CancellationToken(canceled: true)).Outcome);
        Assert.Equal(SearchOutcome.MemoryExhausted, Planner.Solve(problem, Optimal with { MemoryLimit = 1 }).Outcome);
    }

    [Fact]
    public void Anytime_search_keeps_its_best_plan_when_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var problem = Read(World.GenerateProblem("p", World.PoolSizes.With("blocks", 25, 25), new Random(3)));

        var result = Planner.Solve(problem, Anytime with { OnPlan = _ => cancellation.Cancel() }, cancellation.Token);

        Assert.Equal((SearchOutcome.Solved, (SearchOutcome?)SearchOutcome.Cancelled), (result.Outcome, result.Stopped));
        Assert.False(result.IsOptimal);
    }

    private static void AssertLeast(long? cost, SearchResult result)
    {
        Assert.Equal(cost is null ? SearchOutcome.Unsolvable : SearchOutcome.Solved, result.Outcome);
        Assert.Equal(cost, result.Cost);
        Assert.Equal(cost is not null, result.IsOptimal);
    }

    private static Problem Read(string text) => Samples.ReadProblem(text, World.Domain).Required();
}
