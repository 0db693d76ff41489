using Outerloop.Evaluation;
using Outerloop.Runs;
using Outerloop.Tests.Support;

namespace Outerloop.Tests.Runs;

public sealed class RunComparisonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Runs_of_the_same_tasks_are_compared_task_by_task()
    {
        RunSummary one = await ScriptedRun.Execute(_folder.File("one"));
        RunSummary two = await ScriptedRun.Execute(_folder.File("two"), ScriptedRun.Settings with { Generations = 1 });
        RunComparison comparison = await RunComparison.Of([_folder.File("one"), _folder.File("two")], default);

        Assert.Equal([(0, 3), (0, 1), (3, 1)], comparison.Comparisons.Select(compared => (compared.First.Generation, compared.Second.Generation)));
        Assert.All(comparison.Comparisons, compared => Assert.Equal(Measure.All, compared.Differences.Select(measured => measured.Measure)));
        ScoreDifference pool = comparison.Comparisons[^1].Differences[0].Difference;
        Assert.True(pool.Paired);
        Assert.Equal(two.Domains[0].Generations[^1].Solved - one.Domains[0].Generations[^1].Solved, pool.Won - pool.Lost);
        Assert.InRange(pool.Difference, pool.Low, pool.High);
    }

    [Fact]
    public async Task Runs_of_other_tasks_are_compared_by_their_means()
    {
        await ScriptedRun.Execute(_folder.File("one"));
        await ScriptedRun.Execute(_folder.File("two"), ScriptedRun.Settings with { Seed = 1 });
        RunComparison comparison = await RunComparison.Of([_folder.File("one"), _folder.File("two")], default);

        Assert.All(comparison.Comparisons[^1].Differences, measured => Assert.False(measured.Difference.Paired));
        Assert.All(comparison.Comparisons.SkipLast(1), within => Assert.All(within.Differences, measured => Assert.True(measured.Difference.Paired)));
    }
}
