using Outerloop.Storage;

namespace Outerloop.Runs;

/// <summary>What a phase of a generation cost, over all attempts.</summary>
/// <param name="Requests">Sent to servers.</param>
/// <param name="Retries">Of them, those sent again after a failure.</param>
/// <param name="Failures">Answers given up because the machinery failed; each was, or will be, tried again as a whole.</param>
/// <param name="PromptTokens">Read for answers.</param>
/// <param name="AnswerTokens">Written.</param>
/// <param name="TrainedTokens">Read in fine-tuning.</param>
/// <param name="ServerSeconds">Between questions and answers, summed over requests.</param>
/// <param name="CpuSeconds">Of this program.</param>
public sealed record PhaseCost(
    int Generation, string Phase, long Requests, long Retries, long Failures, long PromptTokens, long AnswerTokens, long TrainedTokens, double ServerSeconds, double CpuSeconds)
{
    /// <summary>A row for each generation and phase; sampling beyond the run is none of the run's cost.</summary>
    public static IReadOnlyList<PhaseCost> Of(IEnumerable<Cost> costs) =>
    [
        .. costs.Where(cost => cost.Phase != Code.Of(RunPhase.Measure))
            .GroupBy(cost => (Generation: (int)cost.Generation, cost.Phase))
            .OrderBy(phase => phase.Key.Generation).ThenBy(phase => Order(phase.Key.Phase))
            .Select(phase => Row(phase.Key.Generation, phase.Key.Phase, phase.ToDictionary(cost => cost.Quantity, cost => cost.Amount))),
    ];

    /// <summary>All phases of all generations together.</summary>
    public static PhaseCost Total(IReadOnlyCollection<PhaseCost> costs) => new(
        0, "total", costs.Sum(c => c.Requests), costs.Sum(c => c.Retries), costs.Sum(c => c.Failures), costs.Sum(c => c.PromptTokens), costs.Sum(c => c.AnswerTokens),
        costs.Sum(c => c.TrainedTokens), costs.Sum(c => c.ServerSeconds), costs.Sum(c => c.CpuSeconds));

    private static int Order(string phase) => Enum.TryParse(phase, ignoreCase: true, out RunPhase known) ? (int)known : int.MaxValue;

    private static PhaseCost Row(int generation, string phase, Dictionary<string, double> amounts)
    {
        double Of(Quantity quantity) => amounts.GetValueOrDefault(Code.Of(quantity));
        return new PhaseCost(
            generation, phase, (long)Of(Quantity.Requests), (long)Of(Quantity.Retries), (long)Of(Quantity.Failures), (long)Of(Quantity.PromptTokens),
            (long)Of(Quantity.AnswerTokens), (long)Of(Quantity.TrainedTokens), Of(Quantity.ServerSeconds), Of(Quantity.CpuSeconds));
    }
}
