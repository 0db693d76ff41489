using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Training;

namespace Outerloop.Training;

/// <summary>
/// The generations that sampled the examples, to say how probable they found them: at temperature 1, in the words in which
/// an example is told.
/// </summary>
internal sealed class BehaviourPolicies(IReadOnlyDictionary<int, string> folders)
{
    private readonly Dictionary<int, LanguageModel> _models = [];

    public TrainingSequence Compare(TrainingSequence sequence, int generation)
    {
        if (!_models.TryGetValue(generation, out LanguageModel? model))
            _models[generation] = model = new LanguageModel(CheckpointFolder.Load(folders[generation]).Parameters);
        return sequence with { BehaviourLogProbabilities = model.LogProbabilities(sequence.Tokens, sequence.FirstTarget) };
    }
}
