using Outerloop.Model.Decoder;
using Outerloop.Model.Training;

namespace Outerloop.Training;

/// <summary>The loss on the traces held out of a fine-tuning, after each pass over the others and after the last step.</summary>
internal sealed class ValidationLoss(IReadOnlyList<TrainingSequence> heldOut, int stepsPerPass)
{
    private double? _final;

    /// <summary>Null between the passes, and where nothing is held out.</summary>
    public double? After(TrainingProgress step, Func<Parameters> trained)
    {
        if (step.Step == step.Steps)
            return _final = Of(trained());
        return step.Step % stepsPerPass == 0 ? Of(trained()) : null;
    }

    public double? Final(Parameters trained) => _final ?? Of(trained);

    /// <summary>Mean of −log p per trace token.</summary>
    private double? Of(Parameters parameters)
    {
        if (heldOut.Count == 0)
            return null;
        var model = new LanguageModel(parameters);
        return -heldOut.Sum(sequence => model.LogProbabilities(sequence.Tokens, sequence.FirstTarget).Sum(value => (double)value))
            / heldOut.Sum(sequence => sequence.Targets);
    }
}
