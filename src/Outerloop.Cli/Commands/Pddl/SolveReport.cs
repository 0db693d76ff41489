using Outerloop.Planning.Search;

namespace Outerloop.Cli.Commands.Pddl;

/// <summary>What <c>solve</c> prints as JSON.</summary>
/// <param name="Outcome">What came of the search.</param>
/// <param name="Plan">The steps of the best plan found.</param>
/// <param name="Steps">How many they are.</param>
/// <param name="Cost">The value of the metric, or the number of steps.</param>
/// <param name="Optimal">Whether it is proven that no plan costs less.</param>
/// <param name="Stopped">Which limit ended a search that had found a plan.</param>
/// <param name="Message">One sentence.</param>
/// <param name="Expanded">States whose successors were made.</param>
/// <param name="Evaluated">States for which the heuristic was computed.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record SolveReport(
    SearchOutcome Outcome,
    IReadOnlyList<string>? Plan,
    int? Steps,
    double? Cost,
    bool? Optimal,
    SearchOutcome? Stopped,
    string Message,
    long Expanded,
    long Evaluated,
    double Seconds)
{
    public static SolveReport Of(SearchResult result) => new(
        result.Outcome,
        result.Plan is { } plan ? [.. plan.Steps.Select(step => step.ToString())] : null,
        result.Plan?.Length,
        result.Cost,
        result.Plan is null ? null : result.IsOptimal,
        result.Stopped,
        result.Message,
        result.Expanded,
        result.Evaluated,
        result.Seconds);
}
