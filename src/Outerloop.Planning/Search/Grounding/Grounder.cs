using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Search.Grounding;

/// <summary>What came of grounding: a task, or why there is none.</summary>
/// <param name="Task">Null where the outcome is decided already.</param>
/// <param name="Outcome">Unsolvable or unsupported.</param>
internal sealed record GroundingResult(GroundTask? Task, SearchOutcome? Outcome = null, string? Message = null);

/// <summary>
/// Turns a problem into a task over numbered facts: bindings by joins over what is reachable when nothing is deleted,
/// static conditions used up, negative conditions as facts of their own, everything irrelevant to the goal left out.
/// </summary>
internal static class Grounder
{
    private const int MostFacts = 1 << 22;

    /// <summary>A bound on the cost of reaching a fact when nothing is deleted; heuristics reserve what lies above.</summary>
    private const long MostCost = 1L << 38;

    /// <exception cref="OperationCanceledException">A limit was reached.</exception>
    public static GroundingResult Ground(Problem problem, SearchLimits limits)
    {
        var (lifted, unsupported) = Lifting.Lift(problem);
        if (lifted is null)
            return Unsupported($"{unsupported} are not supported by search");
        var reachability = new Reachability(lifted, limits);
        reachability.Run();
        var drafts = new OperatorDrafting(lifted, reachability.Instances, limits);
        drafts.Run();
        return drafts.IsTooLarge ? Unsupported("a condition has more alternatives than search writes out") : Number(drafts, limits);
    }

    private static GroundingResult Number(OperatorDrafting drafts, SearchLimits limits)
    {
        if (drafts.Goal is null)
            return new GroundingResult(null, SearchOutcome.Unsolvable, "no plan exists: the goal cannot be reached even if nothing is ever deleted");
        if (CostScale.Scale([.. drafts.Operators.Select(o => o.Cost)]) is not { } costs)
            return Unsupported("costs that are negative, above ten million or finer than a millionth are not supported by search");
        var task = OperatorNumbering.Number(drafts, costs, limits);
        if (task.FactCount > MostFacts)
            return Unsupported($"more than {MostFacts} relevant facts are not supported by search");
        var greatest = task.Operators.Select(o => (long)o.Cost).DefaultIfEmpty().Max();
        return greatest * task.FactCount > MostCost ? Unsupported("costs as large as these are not supported by search") : new GroundingResult(task);
    }

    private static GroundingResult Unsupported(string message) => new(null, SearchOutcome.Unsupported, message);
}
