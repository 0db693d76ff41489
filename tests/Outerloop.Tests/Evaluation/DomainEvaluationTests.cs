using Outerloop.Configuration;
using Outerloop.Evaluation;
using Outerloop.Reporting;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tests.Support;

namespace Outerloop.Tests.Evaluation;

public sealed class DomainEvaluationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_figure_agrees_with_the_runs_summary()
    {
        RunSummary summary = await ScriptedRun.Execute(_folder.File("run"));
        DomainEvaluation evaluation = await Read();

        Assert.Equal([0, 1, 2, 3], evaluation.Generations.Select(generation => generation.Generation));
        foreach ((GenerationEvaluation generation, GenerationSummary row) in evaluation.Generations.Zip(summary.Domains[0].Generations))
        {
            Assert.Equal(row.Solved / 40.0, generation.Pool!.Value, 12);
            Assert.Equal(row.HeldOut.AverageAt3, generation.HeldOut!.AverageAt3.Value, 12);
            Assert.Equal(row.HeldOut.AverageAt3, generation.PassCurve[0].Pass.Value, 12);
            Assert.Equal(row.HeldOut.PassAt3, generation.PassCurve[^1].Pass.Value, 12);
            Assert.Equal(row.HeldOut.Greedy, generation.HeldOut.Greedy!.Value, 12);
            Assert.Equal(row.Outcomes.Valid, generation.PlanLengths.AtLeast(0));
            Assert.Equal(generation.PlanLengths.Counts, row.PlanLength.Counts);
            Assert.Equal(generation.HeldOutPlanLengths.Counts, row.HeldOut.PlanLength.Counts);
            Assert.Equal(row.HeldOut.AverageAt3 * 3 * row.HeldOut.Tasks, row.HeldOut.PlanLength.AtLeast(0), 6);
            Assert.Equal(row.Outcomes.Valid, generation.Diversity.Valid);
            Assert.Equal(row.Solved + row.Larger.Solved, generation.Sizes.Sum(size => size.Solved));
            Assert.Equal(40 + 5, generation.Sizes.Sum(size => size.Tasks));
            Assert.Equal(row.Curated, evaluation.Mixture.Where(part => part.Generation == generation.Generation).Sum(part => part.Traces));
        }
    }

    [Fact]
    public async Task Differences_are_paired_and_add_up()
    {
        RunSummary summary = await ScriptedRun.Execute(_folder.File("run"));
        GenerationEvaluation last = (await Read()).Generations[^1];

        Assert.Equal(Measure.All, last.SinceBase.Select(difference => difference.Measure));
        ScoreDifference pool = last.SinceBase[0].Difference;
        Assert.True(pool.Paired);
        IReadOnlyList<GenerationSummary> rows = summary.Domains[0].Generations;
        Assert.Equal(rows[^1].Solved - rows[0].Solved, pool.Won - pool.Lost);
        Assert.Equal(rows[^1].Solved - rows[^2].Solved, last.SincePrevious[0].Difference.Won - last.SincePrevious[0].Difference.Lost);
    }

    [Fact]
    public async Task A_run_that_is_not_deployed_yet_has_no_figures()
    {
        RunFolder.Create(_folder.File("run"), new RunSettings()).Dispose();
        Assert.Empty((await Read()).Generations);
    }

    [Fact]
    public async Task Plans_told_in_a_conversation_are_as_varied_as_the_same_plans_told_in_words()
    {
        var conversing = new ScriptedPolicies { Converses = true };
        await ScriptedRun.Execute(_folder.File("run"));
        await ScriptedRun.Execute(_folder.File("chat"), policies: conversing);
        IEnumerable<PlanDiversity> inWords = (await Read()).Generations.Select(generation => generation.Diversity);
        IEnumerable<PlanDiversity> inTurns = (await Read("chat", conversing)).Generations.Select(generation => generation.Diversity);

        foreach ((PlanDiversity words, PlanDiversity turns) in inWords.Zip(inTurns))
        {
            Assert.Equal(words with { Entropies = [] }, turns with { Entropies = [] });
            Assert.Equal(words.Entropies, turns.Entropies);
            Assert.True(words.Entropies[0] > 1 && words.DistinctPlans > 0);
        }
    }

    private async Task<DomainEvaluation> Read(string run = "run", ScriptedPolicies? policies = null)
    {
        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(_folder.File(run)), default);
        ReportData data = await ReportData.Read(_folder.File(run), store, domain => (policies ?? new ScriptedPolicies()).FormatOf("", domain), progress: null, default);
        return data.Domains.Single().Evaluation;
    }
}
