using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Search;

public enum SearchOutcome
{
    /// <summary>A plan was found, and validated.</summary>
    Solved,

    /// <summary>No plan exists: every state that can be reached was looked at, or cannot lead to the goal.</summary>
    Unsolvable,

    /// <summary>The time was up before a plan was found.</summary>
    TimedOut,

    /// <summary>The memory was used up before a plan was found.</summary>
    MemoryExhausted,

    /// <summary>The problem uses a part of the language that search does not handle.</summary>
    Unsupported,

    /// <summary>The caller cancelled before a plan was found.</summary>
    Cancelled,
}

/// <summary>A valid plan.</summary>
/// <param name="Cost">The value of the metric, or the number of steps where there is none.</param>
/// <param name="Seconds">From the start of the search.</param>
public sealed record FoundPlan(Plan Plan, double Cost, double Seconds);

/// <summary>How far a search is.</summary>
/// <param name="BestHeuristic">The least estimate of the distance to the goal so far; for A* the bound on the cost.</param>
public sealed record SearchProgress(long Expanded, long Evaluated, long BestHeuristic);

/// <summary>What came of a search.</summary>
/// <param name="Best">The best plan found; set exactly when the outcome is <see cref="SearchOutcome.Solved"/>.</param>
/// <param name="IsOptimal">Whether it is proven that no plan costs less.</param>
/// <param name="Stopped">Which limit or cancellation ended a search that had found a plan already.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="Expanded">States whose successors were made.</param>
/// <param name="Evaluated">States for which the heuristic was computed.</param>
public sealed record SearchResult(
    SearchOutcome Outcome,
    FoundPlan? Best,
    bool IsOptimal,
    SearchOutcome? Stopped,
    string Message,
    long Expanded,
    long Evaluated,
    double Seconds)
{
    public Plan? Plan => Best?.Plan;

    public double? Cost => Best?.Cost;
}
