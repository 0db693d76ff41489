namespace Outerloop.Training;

/// <summary>One optimiser step of a fine-tuning.</summary>
/// <param name="Step">Counted from 1.</param>
/// <param name="Tokens">Tokens read so far, prompts included.</param>
/// <param name="Loss">Mean of −log p per trace token of the step's batch, in nats.</param>
/// <param name="ValidationLoss">The same after the step on the traces held out, where it was measured.</param>
public sealed record TrainingPoint(int Step, long Tokens, double Loss, double LearningRate, double? ValidationLoss);

/// <summary>How the fine-tuning that made a generation went, step by step.</summary>
public sealed record TrainingCurve(int Generation, IReadOnlyList<TrainingPoint> Points)
{
    /// <summary>
    /// So few points that they can be drawn: each stands for a stretch of steps and has their mean loss, and the rate, the
    /// tokens and the validation loss of its end.
    /// </summary>
    public TrainingCurve Thinned(int most)
    {
        int stretch = (Points.Count + most - 1) / most;
        return stretch <= 1 ? this : this with { Points = [.. Points.Chunk(stretch).Select(Together)] };
    }

    private static TrainingPoint Together(TrainingPoint[] stretch) => stretch[^1] with
    {
        Loss = stretch.Average(point => point.Loss),
        ValidationLoss = stretch.Select(point => point.ValidationLoss).LastOrDefault(loss => loss is not null),
    };
}
