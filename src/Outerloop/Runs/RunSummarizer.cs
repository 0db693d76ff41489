using Outerloop.Deployment;
using Outerloop.Evaluation;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Runs;

/// <summary>
/// Reads a run's figures from its store alone, so that a run that was interrupted and resumed reports the same as one
/// that was not.
/// </summary>
public sealed class RunSummarizer(RunStore store)
{
    public async Task<RunSummary> Summarize(string run, IEnumerable<string> domains)
    {
        var summaries = new List<DomainSummary>();
        foreach (string domain in domains)
            summaries.Add(await SummarizeDomain(domain));
        return new RunSummary(run, summaries);
    }

    /// <summary>One generation, deployed wholly or in part.</summary>
    public async Task<GenerationSummary> SummarizeGeneration(string domain, GenerationRecord record)
    {
        GenerationTraces traces = await GenerationTraces.Read(store, domain, record.Number);
        return Summarize(record, await PoolTasks(domain), traces, await store.Seconds(domain));
    }

    private async Task<DomainSummary> SummarizeDomain(string domain)
    {
        var generations = new List<GenerationSummary>();
        foreach (GenerationRecord record in await store.Generations(domain))
            generations.Add(await SummarizeGeneration(domain, record));
        return new DomainSummary(domain, generations) { Costs = PhaseCost.Of(await store.Costs(domain)) };
    }

    private async Task<int> PoolTasks(string domain) => (await store.TaskCounts(domain)).GetValueOrDefault(TaskSet.Pool);

    /// <param name="record">Of the generation.</param>
    /// <param name="poolTasks">Tasks of the pool.</param>
    /// <param name="traces">Of the generation.</param>
    /// <param name="times">Of the domain.</param>
    internal static GenerationSummary Summarize(GenerationRecord record, int poolTasks, GenerationTraces traces, IReadOnlyList<PhaseTime> times) => new(
        record.Number,
        poolTasks,
        Solved(traces.Pool),
        HeldOut(traces.HeldOut),
        new LargerSummary(traces.Larger.Select(trace => trace.Id.Task).Distinct().Count(), Solved(traces.Larger)),
        PlanLengths.Of(traces.Pool),
        CountOutcomes(traces.Pool),
        record.Examples,
        new TokenSummary(traces.All.Sum(trace => (long)trace.AnswerTokens), record.TokensTrained),
        Seconds(times, record.Number),
        record.Weights,
        record.ValidationLoss);

    private static int Solved(IEnumerable<Trace> traces) =>
        traces.Where(trace => trace.Outcome == Outcome.Valid).Select(trace => trace.Id.Task).Distinct().Count();

    private static HeldOutSummary HeldOut(IReadOnlyList<Trace> traces)
    {
        List<Trace> samples = [.. traces.Where(trace => trace.Id.Mode == SampleMode.Sampled)];
        SampleScores sampled = SampleScores.Of(samples, DeploymentPlan.EvaluationSamples);
        SampleScores greedy = SampleScores.Of(traces.Where(trace => trace.Id.Mode == SampleMode.Greedy), 1);
        return new HeldOutSummary(sampled.Tasks, sampled.Average, sampled.Unanimous, sampled.Pass, greedy.Average, PlanLengths.Of(samples));
    }

    private static OutcomeSummary CountOutcomes(IReadOnlyList<Trace> traces)
    {
        int Count(Outcome outcome) => traces.Count(trace => trace.Outcome == outcome);
        return new OutcomeSummary(
            Count(Outcome.Valid),
            Count(Outcome.Invalid),
            Count(Outcome.Malformed),
            Count(Outcome.Truncated),
            Count(Outcome.VerifierFailed),
            Count(Outcome.ModelFailed));
    }

    private static SecondsSummary Seconds(IReadOnlyList<PhaseTime> times, int generation)
    {
        double Of(RunPhase phase) => times.Where(time => time.Generation == generation && time.Phase == Code.Of(phase)).Sum(time => time.Seconds);
        return new SecondsSummary(Of(RunPhase.Deploy), Of(RunPhase.Verify), Of(RunPhase.Curate), Of(RunPhase.Train), Of(RunPhase.Evaluate));
    }
}
