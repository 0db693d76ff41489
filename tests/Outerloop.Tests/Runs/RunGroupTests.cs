using Outerloop.Configuration;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tests.Support;

namespace Outerloop.Tests.Runs;

public sealed class RunGroupTests : IDisposable
{
    private static readonly RunSettings Small = ScriptedRun.Settings with { Generations = 1 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Runs_that_differ_in_their_seed_alone_are_one_row()
    {
        RunSummary[] plain = [await Run("plain/seed-0", Small), await Run("plain/seed-1", Small with { Seed = 1 })];
        RunSummary longest = await Run("longest/seed-0", Small with { Curator = "longest" });

        IReadOnlyList<RunGroup> groups = await Groups("plain/seed-0", "longest/seed-0", "plain/seed-1");

        Assert.Equal(["plain", "longest/seed-0"], groups.Select(group => group.Name));
        Assert.Equal("plain", (await Groups("plain/seed-0", "plain/seed-1"))[0].Name);
        Assert.Equal([2, 1], groups.Select(group => group.Runs.Length));
        double[] averages = [.. plain.Select(run => run.Domains[0].Generations[^1].HeldOut.AverageAt3)];
        Assert.Equal(new Spread(averages.Average(), averages.Min(), averages.Max()), groups[0].HeldOut.Last);
        Assert.Equal(plain.Average(run => (double)run.Domains[0].Generations[1].Tokens.Trained), groups[0].TokensTrained.Mean);
        GenerationSummary last = longest.Domains[0].Generations[^1];
        Assert.Equal(last.Outcomes.Valid / 80.0, groups[1].Pool.Last.Mean); // 40 tasks, two samples of each
        Assert.Equal((last.PlanLength.Max, last.PlanLength.Max), (groups[1].Longest.Last.Low, groups[1].Longest.Last.High));
    }

    [Fact]
    public async Task The_processors_seconds_of_all_generations_and_attempts_add_up()
    {
        await Run("run", Small);
        double once = (await Groups("run"))[0].CpuSeconds.Mean;
        await using (RunStore store = await RunStore.Open(RunFolder.StoreOf(_folder.File("run")), default))
            await store.AddCosts([new Cost("blocksworld", 1, Code.Of(RunPhase.Train), Code.Of(Quantity.CpuSeconds), 7)], default);
        Assert.InRange(once, double.Epsilon, 1e4);
        Assert.Equal(once + 7, (await Groups("run"))[0].CpuSeconds.Mean, 1e-6);
    }

    private Task<RunSummary> Run(string name, RunSettings settings) => ScriptedRun.Execute(_folder.File(name), settings);

    private Task<IReadOnlyList<RunGroup>> Groups(params string[] names) => RunGroup.Of([.. names.Select(_folder.File)], default);
}
