namespace Outerloop.Theory;

/// <summary>
/// How far the real update is from the ideal one, the REINFORCE gradient of Proposition 1: the cosine between that and each
/// departure alone, then all of them.
/// </summary>
/// <param name="TokenMean">A loss per token of each mini-batch, as the trainer has it.</param>
/// <param name="TraceMean">A loss per token of each trace, so that long traces count as much as short ones.</param>
/// <param name="Curation">The run's curator on this generation's traces alone; null where it kept none.</param>
/// <param name="Pooling">All valid traces of the generations in the mixture.</param>
/// <param name="PoolingAndCuration">What the run's curator keeps of them.</param>
/// <param name="AdamStep">One first AdamW step on this generation's valid traces, clipping and weight decay included.</param>
/// <param name="Together">One first AdamW step on what the curator keeps of the pool, with a loss per token.</param>
/// <param name="FineTuning">The whole fine-tuning that made the next generation, from where it began; null before there is one.</param>
public sealed record UpdateDirections(
    double TokenMean,
    double TraceMean,
    double? Curation,
    double Pooling,
    double? PoolingAndCuration,
    double AdamStep,
    double? Together,
    double? FineTuning);
