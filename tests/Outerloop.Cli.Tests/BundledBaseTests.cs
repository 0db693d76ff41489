using Outerloop.Policies;
using Outerloop.Pretraining;

namespace Outerloop.Cli.Tests;

public sealed class BundledBaseTests
{
    [Fact]
    public void The_recipe_beside_the_bundled_base_is_the_one_that_pretrain_follows_without_another() =>
        Assert.Equal(new PretrainingRecipe().Print(), PretrainingRecipe.Read(Path.Combine(BaseModel.Bundled, "recipe.json")).Print());
}
