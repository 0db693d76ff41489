namespace Outerloop.Tests;

public sealed class SeedTests
{
    [Fact]
    public void A_branch_depends_on_its_whole_path()
    {
        var seed = new Seed(7);
        Seed[] branches =
        [
            seed, seed.Then(0), seed.Then(1), seed.Then(0).Then(1), seed.Then(1).Then(0), seed.Then("a"), seed.Then("b"),
            seed.Then("a").Then("b"), seed.Then("ab"), new Seed(8).Then(0), seed.Then(0).Then(0), seed.Then(-1),
        ];
        Assert.Equal(branches.Length, branches.Distinct().Count());
    }

    /// <summary>Stored runs are resumed by later versions, so the streams are for ever.</summary>
    [Fact]
    public void The_streams_are_the_same_for_ever()
    {
        Random random = new Seed(0).Then("tasks").Then(3).ToRandom();
        Assert.Equal([857, 765, 356, 453], Enumerable.Range(0, 4).Select(_ => random.Next(1000)));
    }

    [Fact]
    public void Draws_are_uniform()
    {
        Random random = new Seed(1).ToRandom();
        int[] counts = new int[10];
        for (int i = 0; i < 100_000; i++)
            counts[random.Next(10)]++;
        double chiSquare = counts.Sum(count => Math.Pow(count - 10_000, 2) / 10_000);
        Assert.InRange(chiSquare, 0, 30); // 9 degrees of freedom: 30 is beyond the 0.9995 quantile
    }
}
