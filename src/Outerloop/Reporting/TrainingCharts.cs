using Outerloop.Training;
using static System.FormattableString;

namespace Outerloop.Reporting;

/// <summary>How the fine-tunings went.</summary>
internal static class TrainingCharts
{
    private const int MostPoints = 200;

    public static Chart Curves(IReadOnlyList<TrainingCurve> curves)
    {
        List<TrainingCurve> thinned = [.. curves.Select(curve => curve.Thinned(MostPoints))];
        return new Chart(
            "training", "Fine-tuning, step by step",
            $"Loss by optimiser step. {string.Join("; ", thinned.Select(InWords))}.",
            "Natural-log loss per token: lines are batches (the mean of a stretch of steps where there are many), diamonds the traces held out. Dashed, on the right: the learning rate. The run's folder has every step.",
            "training-curves",
            new ChartTable(
                ["generation", "step", "tokens", "loss", "rate", "validation"],
                [
                    .. from curve in thinned
                       from point in curve.Points
                       select (object?[])[curve.Generation, point.Step, point.Tokens, point.Loss, point.LearningRate, point.ValidationLoss],
                ]));
    }

    private static string InWords(TrainingCurve curve) =>
        Invariant($"generation {curve.Generation}: from {curve.Points[0].Loss:0.000} to {curve.Points[^1].Loss:0.000} in {curve.Points[^1].Step} steps");
}
