using FsCheck.Xunit;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Domains;

public sealed class BlocksworldTests
{
    private static readonly Blocksworld World = new();

    [Property(MaxTest = 200)]
    public void A_task_is_solved_by_putting_all_blocks_on_the_table_first(int seed)
    {
        var task = Blocksworld.DrawTask(World.PoolSizes.With("blocks", 2, 15), new Random(seed));
        var validator = new PlanValidator(Read(task.ToSolvableTask().Write("p", World.Name, new Random(seed))));

        var verdict = validator.ValidateText(new SourceText("plan", BlocksPlans.ViaTable(task)));

        Assert.True(verdict.IsValid, verdict.Message);
        Assert.All(task.ViaTable().CountBy(step => step.Split(' ')[1]), block => Assert.InRange(block.Value, 1, 4));
    }

    [Property(MaxTest = 200)]
    public void A_task_is_not_solved_already(int seed)
    {
        var text = World.GenerateProblem("p", World.PoolSizes.With("blocks", 2, 4), new Random(seed));

        Assert.Equal("goal", new PlanValidator(Read(text)).ValidateText(new SourceText("plan", "")).Reason);
    }

    [Property(MaxTest = 50)]
    public void The_same_seed_gives_the_same_text(int seed) =>
        Assert.Equal(
            World.GenerateProblem("p", World.LargerSizes, new Random(seed)),
            World.GenerateProblem("p", World.LargerSizes, new Random(seed)));

    [Property(MaxTest = 50)]
    public void Sizes_and_names_lie_in_their_ranges(int seed)
    {
        var problem = Read(World.GenerateProblem("p", World.LargerSizes, new Random(seed)));

        Assert.InRange(problem.Objects.Length, 13, 15);
        Assert.All(problem.Objects, o => Assert.InRange(int.Parse(o.Name.AsSpan(1)), 1, 20));
    }

    [Fact]
    public void All_arrangements_are_equally_likely()
    {
        // Three blocks have 13 arrangements; the statistic is χ² with 12 degrees of freedom, 32.9 its 99.9 % point.
        const int draws = 13_000;
        var random = new Random(7);
        var counts = Enumerable.Range(0, draws)
            .GroupBy(_ => string.Join(',', Blocksworld.DrawState(3, random).Support))
            .Select(g => g.Count())
            .ToArray();

        Assert.Equal(13, counts.Length);
        Assert.InRange(counts.Sum(c => Math.Pow(c - (draws / 13.0), 2) / (draws / 13.0)), 0, 32.9);
    }

    [Fact]
    public void An_unknown_domain_gets_a_suggestion()
    {
        Assert.NotNull(DomainCatalog.Find("BlocksWorld"));
        Assert.Null(DomainCatalog.Find("blockworld"));
        Assert.Equal("blocksworld", DomainCatalog.Suggest("blockworld"));
    }

    [Fact]
    public void A_range_below_the_smallest_task_is_refused() =>
        Assert.Throws<ImpossibleSizesException>(() => World.GenerateProblem("p", World.PoolSizes.With("blocks", 1, 3), new Random(0)));

    private static Problem Read(string text) => Samples.ReadProblem(text, World.Domain).Required();
}
