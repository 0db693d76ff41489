using Outerloop.Planning.Pddl;
using Outerloop.Planning.Search.Grounding;
using Outerloop.Planning.Search.Invariants;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Search;

/// <summary>
/// Finds plans. The same problem and options give the same plan, as long as no limit is reached. Every plan is executed
/// by <see cref="PlanValidator"/> before anyone sees it.
/// </summary>
public sealed class Planner
{
    private readonly Problem problem;
    private readonly SearchOptions options;
    private readonly SearchLimits limits;
    private readonly SearchEffort effort;
    private readonly Lazy<PlanValidator> validator;
    private FoundPlan? best;

    private Planner(Problem problem, SearchOptions options, CancellationToken cancellation)
    {
        (this.problem, this.options) = (problem, options);
        limits = new SearchLimits(options, cancellation);
        effort = new SearchEffort(limits, options.OnProgress);
        validator = new Lazy<PlanValidator>(() => new PlanValidator(problem, CancellationToken.None));
    }

    /// <summary>Searches on the calling thread. Cancellation is an outcome, not an exception.</summary>
    public static SearchResult Solve(Problem problem, SearchOptions? options = null, CancellationToken cancellation = default) =>
        new Planner(problem, options ?? new SearchOptions(), cancellation).Solve();

    private SearchResult Solve()
    {
        try
        {
            var grounding = Grounder.Ground(problem, limits);
            if (grounding.Task is not { } task)
                return Result(grounding.Outcome!.Value, grounding.Message);
            task = Pruning.Prune(task, limits);
            return options.Optimal ? Optimise(task) : Satisfice(task);
        }
        catch (OperationCanceledException) when (limits.Reached is not null)
        {
            return Result(best is null ? limits.Reached.Value : SearchOutcome.Solved);
        }
    }

    private SearchResult Optimise(GroundTask task)
    {
        if (new AStarSearch(task, effort).Run() is not { } plan)
            return Result(SearchOutcome.Unsolvable);
        Accept(plan);
        return Result(SearchOutcome.Solved, isOptimal: true);
    }

    private SearchResult Satisfice(GroundTask task)
    {
        var search = new SatisficingSearch(task, effort, options.Anytime);
        foreach (var plan in search.Plans())
            Accept(plan);
        return best is null ? Result(SearchOutcome.Unsolvable) : Result(SearchOutcome.Solved, isOptimal: search.IsExhausted);
    }

    /// <summary>A plan that does not validate is a bug here, not a result.</summary>
    private void Accept(List<GroundOperator> operators)
    {
        var objects = problem.Objects;
        var steps = operators
            .Select(o => o.Instance)
            .OfType<ActionInstance>()
            .Select((instance, i) => new PlanStep(
                instance.Action.Schema.Name,
                [.. instance.Slots.Take(instance.Action.Schema.Parameters.Length).Select(o => objects[o].Name)],
                i + 1,
                1));
        var plan = new Plan([.. steps]);
        var verdict = validator.Value.Validate(plan, CancellationToken.None);
        if (!verdict.IsValid)
            throw new InvalidOperationException($"search found a plan that does not validate ({verdict.Message}):\n{plan}");
        best = new FoundPlan(plan, verdict.Cost ?? plan.Length, limits.Elapsed.TotalSeconds);
        options.OnPlan?.Invoke(best);
    }

    private SearchResult Result(SearchOutcome outcome, string? message = null, bool isOptimal = false) => new(
        outcome,
        best,
        isOptimal,
        outcome == SearchOutcome.Solved ? limits.Reached : null,
        message ?? Describe(outcome, isOptimal),
        effort.Expanded,
        effort.Evaluated,
        limits.Elapsed.TotalSeconds);

    private static string Describe(SearchOutcome outcome, bool isOptimal) => outcome switch
    {
        SearchOutcome.Solved => isOptimal ? "found a plan of least cost" : "found a plan",
        SearchOutcome.Unsolvable => "no plan exists: every reachable state was looked at or cannot lead to the goal",
        SearchOutcome.TimedOut => "the time was up before a plan was found",
        SearchOutcome.MemoryExhausted => "the memory was used up before a plan was found",
        _ => "stopped before a plan was found",
    };
}
