namespace Outerloop.Model.Training;

/// <summary>What the steps so far add up to.</summary>
/// <param name="Steps">Steps done; as many batches are used up.</param>
/// <param name="Tokens">Prompts included.</param>
/// <param name="LossTokens">Targets among them.</param>
/// <param name="FinalLoss">Of the last step; NaN before the first.</param>
/// <param name="RecentLoss">Sum over the steps of the last tenth of the training.</param>
/// <param name="RecentSteps">How many those are.</param>
internal sealed record TrainingTotals(
    int Steps, long Tokens, long LossTokens, double FinalLoss, double RecentLoss, int RecentSteps)
{
    public static TrainingTotals None { get; } = new(0, 0, 0, double.NaN, 0, 0);

    public TrainingResult Result => new(Steps, Tokens, LossTokens, FinalLoss, RecentLoss / RecentSteps);

    public TrainingTotals After(TrainingBatch batch, long targets, double loss, int steps)
    {
        bool recent = Steps >= steps - Math.Max(1, steps / 10);
        return new TrainingTotals(
            Steps + 1,
            Tokens + batch.Sequences.Sum(sequence => (long)sequence.Tokens.Length),
            LossTokens + targets,
            loss,
            RecentLoss + (recent ? loss : 0),
            RecentSteps + (recent ? 1 : 0));
    }
}
