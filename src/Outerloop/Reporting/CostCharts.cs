using Outerloop.Evaluation;
using Outerloop.Runs;
using Outerloop.Storage;
using static System.FormattableString;

namespace Outerloop.Reporting;

/// <summary>The charts of what became of the traces, of the training and of the costs.</summary>
internal static class CostCharts
{
    private const string Parts = "parts-by-generation";

    public static IEnumerable<Chart> Of(DomainSummary summary, DomainEvaluation evaluation) =>
        [Outcomes(summary), Losses(evaluation), Seconds(summary), Tokens(summary)];

    private static Chart Outcomes(DomainSummary summary)
    {
        (string Name, Func<OutcomeSummary, int> Count)[] outcomes =
        [
            ("valid", outcome => outcome.Valid), ("invalid", outcome => outcome.Invalid), ("malformed", outcome => outcome.Malformed),
            ("truncated", outcome => outcome.Truncated), ("verifier failed", outcome => outcome.VerifierFailed), ("model failed", outcome => outcome.ModelFailed),
        ];
        return new Chart(
            "outcomes", "Outcomes",
            $"What became of the traces on the pool. {string.Join("; ", summary.Generations.Select(row => Invariant($"generation {row.Generation}: {string.Join(", ", outcomes.Select(outcome => Invariant($"{outcome.Count(row.Outcomes)} {outcome.Name}")))}")))}.",
            "Traces on the pool. Failures of the verifier or the machinery are retried and never count as wrong answers.",
            Parts, PartsOf(summary, outcomes.Select(outcome => (outcome.Name, (Func<GenerationSummary, object>)(row => outcome.Count(row.Outcomes))))));
    }

    private static Chart Losses(DomainEvaluation evaluation)
    {
        List<GenerationRecord> trained = [.. evaluation.Generations.Select(generation => generation.Record).Where(record => record.Steps > 0)];
        return new Chart(
            "losses", "Loss of the fine-tuning",
            $"Loss at the end of each fine-tuning. {string.Join("; ", trained.Select(record => Invariant($"generation {record.Number}: {record.FinalLoss:0.000}")))}.",
            "Natural-log loss per token: of the last batch, and on the traces held out of the fine-tuning where the run held some out.",
            "values-by-generation",
            new ChartTable(
                ["generation", "series", "value"],
                [
                    .. trained.Select(record => (object?[])[record.Number, "last batch", record.FinalLoss]),
                    .. trained.Where(record => record.ValidationLoss is not null).Select(record => (object?[])[record.Number, "held-out traces", record.ValidationLoss]),
                ]));
    }

    private static Chart Seconds(DomainSummary summary) => new(
        "seconds", "Cost in seconds",
        $"Wall-clock seconds by phase and generation. {string.Join("; ", summary.Generations.Select(row => Invariant($"generation {row.Generation}: {row.Seconds.Deploy:0.0} deploying, {row.Seconds.Train:0.0} fine-tuning, {row.Seconds.Evaluate:0.0} evaluating")))}.",
        "Wall-clock seconds over all attempts; they depend on the machine, and on what else it did.",
        Parts, PartsOf(summary,
        [
            ("deploy", row => row.Seconds.Deploy), ("verify", row => row.Seconds.Verify), ("evaluate", row => row.Seconds.Evaluate),
            ("curate", row => row.Seconds.Curate), ("fine-tune", row => row.Seconds.Train),
        ]));

    private static Chart Tokens(DomainSummary summary) => new(
        "tokens", "Cost in tokens",
        $"Tokens sampled and trained by generation. {string.Join("; ", summary.Generations.Select(row => Invariant($"generation {row.Generation}: {row.Tokens.Sampled} sampled, {row.Tokens.Trained} trained")))}.",
        "Tokens written on the pool and in the evaluation, and tokens read by the fine-tuning, prompts included.",
        Parts, PartsOf(summary, [("sampled", row => row.Tokens.Sampled), ("trained", row => row.Tokens.Trained)]));

    private static ChartTable PartsOf(DomainSummary summary, IEnumerable<(string Name, Func<GenerationSummary, object> Amount)> parts) => new(
        ["generation", "part", "amount"],
        [.. summary.Generations.SelectMany(row => parts.Select(part => (object?[])[row.Generation, part.Name, part.Amount(row)]))]);
}
