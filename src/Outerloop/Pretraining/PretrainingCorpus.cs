using Outerloop.Model.Tokenization;
using Outerloop.Model.Training;

namespace Outerloop.Pretraining;

/// <summary>The demonstrations that the base is trained on, of all domains of the recipe, drawn as they are needed.</summary>
internal sealed class PretrainingCorpus
{
    private readonly DomainCorpus[] _domains;
    private readonly Random _random;

    public PretrainingCorpus(PretrainingRecipe recipe, ITokenizer tokenizer, Seed seed)
    {
        _domains = [.. recipe.Domains.Select(domain => new DomainCorpus(domain, recipe.DemonstrationsPerTask, tokenizer, seed.Then(domain.Name)))];
        _random = seed.Then("domains").ToRandom();
    }

    public IEnumerable<DemonstrationCount> Counts => _domains.Select(domain => domain.Count);

    public TrainingSequence Draw(PretrainingStage stage) => _random.Draw(_domains, domain => domain.Recipe.Share).Draw(stage);
}
