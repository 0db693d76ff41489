using Outerloop.Reward;
using static System.FormattableString;

namespace Outerloop.Reporting;

/// <summary>What the curator rewards without saying so.</summary>
internal static class RewardCharts
{
    public static Chart Effects(IReadOnlyList<Choosing> choices)
    {
        var rows = choices.SelectMany(choice => choice.Effects.Select(effect => (choice.Generation, Effect: effect))).ToList();
        IEnumerable<string> last = rows.Where(row => row.Generation == rows[^1].Generation).Select(row =>
            Invariant($"{row.Effect.Feature} {row.Effect.PerDeviation:+0.00;-0.00;0.00} [{PerDeviation(row.Effect, row.Effect.Low):+0.00;-0.00;0.00}, {PerDeviation(row.Effect, row.Effect.High):+0.00;-0.00;0.00}]"));
        return new Chart(
            "reward", "What the curator rewards",
            $"Log-odds of being kept per standard deviation of a feature, by the generation that learns from the choice. Last: {string.Join("; ", last)}.",
            "Conditional logistic fits of what the curator kept among each task's traces, with intervals of 95 % (docs/reward.md). A rule without exceptions has effects that are large by their penalty alone.",
            "effects",
            new ChartTable(
                ["generation", "feature", "effect", "low", "high"],
                [
                    .. rows.Select(row => (object?[])
                    [
                        row.Generation, row.Effect.Feature, row.Effect.PerDeviation, PerDeviation(row.Effect, row.Effect.Low), PerDeviation(row.Effect, row.Effect.High),
                    ]),
                ]));
    }

    private static double PerDeviation(Effect effect, double logOdds) => logOdds * effect.Deviation;
}
