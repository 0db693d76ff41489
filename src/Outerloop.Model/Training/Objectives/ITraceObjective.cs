namespace Outerloop.Model.Training;

/// <summary>
/// What is maximised of a trace, as a function of the log-probabilities of its tokens under the model in training. Plain
/// fine-tuning maximises weight·Σ log p.
/// </summary>
public interface ITraceObjective
{
    /// <summary>The derivatives of the objective by the targets' log-probabilities.</summary>
    /// <param name="sequence">Its weight is an advantage, or 1.</param>
    /// <param name="logProbabilities">[targets], of the model as it is.</param>
    /// <param name="weights">[targets], receives the derivatives.</param>
    void Weigh(TrainingSequence sequence, ReadOnlySpan<float> logProbabilities, Span<float> weights);
}
