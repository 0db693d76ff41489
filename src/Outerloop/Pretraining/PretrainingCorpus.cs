using Outerloop.Model.Tokenization;
using Outerloop.Model.Training;

namespace Outerloop.Pretraining;

/// <summary>The demonstrations that the base is trained on, of all domains of the recipe, drawn as they are needed.</summary>
internal sealed class PretrainingCorpus
{
    private readonly DomainCorpus[] _domains;
    private readonly double _shares;
    private readonly Random _random;

    public PretrainingCorpus(PretrainingRecipe recipe, ITokenizer tokenizer, Seed seed)
    {
        _domains = [.. recipe.Domains.Select(domain => new DomainCorpus(domain, recipe.DemonstrationsPerTask, tokenizer, seed.Then(domain.Name)))];
        _shares = recipe.Domains.Sum(domain => domain.Share);
        _random = seed.Then("domains").ToRandom();
    }

    public IEnumerable<DemonstrationCount> Counts => _domains.Select(domain => domain.Count);

    public TrainingSequence Draw(PretrainingStage stage) => DrawDomain().Draw(stage);

    private DomainCorpus DrawDomain()
    {
        double left = _random.NextDouble() * _shares;
        foreach (DomainCorpus domain in _domains)
        {
            left -= domain.Recipe.Share;
            if (left < 0)
                return domain;
        }

        return _domains[^1];
    }
}
