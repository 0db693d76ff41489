using Outerloop.Planning.Domains;

namespace Outerloop.Pretraining;

/// <summary>What of a recipe cannot be trained, or would be drawn for ever.</summary>
internal static class RecipeFaults
{
    public static IEnumerable<string> Of(PretrainingRecipe recipe) =>
        [.. OfModel(recipe), .. recipe.Domains.SelectMany(OfDomain), .. recipe.Stages.SelectMany(stage => OfStage(stage, recipe))];

    private static IEnumerable<string> OfModel(PretrainingRecipe recipe)
    {
        (string Name, int Value)[] positive =
        [
            ("layers", recipe.Layers), ("dim", recipe.Dim), ("heads", recipe.Heads), ("kvHeads", recipe.KvHeads), ("headDim", recipe.HeadDim),
            ("feedForward", recipe.FeedForward), ("maxPositions", recipe.MaxPositions), ("batchTokens", recipe.BatchTokens),
            ("demonstrationsPerTask", recipe.DemonstrationsPerTask), ("domains", recipe.Domains.Length), ("stages", recipe.Stages.Length),
        ];
        foreach ((string name, int value) in positive.Where(size => size.Value < 1))
            yield return $"{name}: {value} is less than 1";
        if (recipe.HeadDim % 2 != 0 || (recipe.KvHeads > 0 && recipe.Heads % recipe.KvHeads != 0))
            yield return "headDim must be even, and kvHeads divide heads";
    }

    private static IEnumerable<string> OfDomain(DomainRecipe recipe)
    {
        if (DomainCatalog.Find(recipe.Name) is not { } domain)
        {
            yield return $"unknown domain '{recipe.Name}'; there are {string.Join(", ", DomainCatalog.All.Select(known => known.Name))}";
            yield break;
        }

        if (recipe.Share <= 0 || recipe.UnsolvedFrom < 1)
            yield return $"{recipe.Name}: share and unsolvedFrom must be more than 0";
        foreach (WrongMethod method in recipe.WrongMethods)
        {
            if (method.Weight <= 0)
                yield return $"{recipe.Name}: the weight of a wrong method must be more than 0";
            if (method.Kind == WrongMethodKind.LeavesOut && method.Actions is not { IsEmpty: false })
                yield return $"{recipe.Name}: leaves-out wants actions to leave out";
            foreach (string action in (method.Actions ?? []).Where(action => domain.Domain.FindAction(action) is null))
                yield return $"{recipe.Name} has no action '{action}'";
        }
    }

    private static IEnumerable<string> OfStage(PretrainingStage stage, PretrainingRecipe recipe)
    {
        if (stage.Steps < 1 || stage.MostSteps < 1)
            yield return $"stage '{stage.Name}' wants at least one step, and tasks of at least one";
        foreach ((string name, var sizes) in stage.Sizes ?? PretrainingStage.AsPool)
        {
            if (recipe.Domains.All(domain => domain.Name != name))
                yield return $"stage '{stage.Name}' has sizes for '{name}', which is none of the recipe's domains";
            foreach (string size in sizes.Keys.Where(size => DomainCatalog.Find(name)?.Parameters.All(known => known.Name != size) == true))
                yield return $"stage '{stage.Name}': {name} has no size '{size}'";
        }

        if (stage.Habits is not { } habits)
        {
            foreach (DomainRecipe domain in recipe.Domains.Where(domain => stage.MostSteps >= domain.UnsolvedFrom))
                yield return $"stage '{stage.Name}' has the teacher take {domain.UnsolvedFrom} steps and more, which {domain.Name} wants unsolved; set mostSteps";
        }
        else if (habits is { Slip: <= 0 })
        {
            yield return $"stage '{stage.Name}' has amateurs who never slip, so that some tasks could not be left unsolved";
        }
    }
}
