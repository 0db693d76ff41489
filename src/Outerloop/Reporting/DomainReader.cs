using System.Runtime.CompilerServices;
using Outerloop.Evaluation;
using Outerloop.Planning.Domains;
using Outerloop.Prompting;
using Outerloop.Reward;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;

namespace Outerloop.Reporting;

/// <summary>
/// Reads all figures of one domain from a run's store, finished or not, with one look at each trace: a large run has a million.
/// Nothing is written.
/// </summary>
/// <param name="format">The one in which the run's models answer; asked for when there is an answer to read.</param>
internal sealed class DomainReader(RunStore store, PlanningDomain domain, Lazy<IPromptFormat> format)
{
    /// <summary>Of the work, that is done when all traces are read.</summary>
    private const double Reading = 0.7;

    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellation">Looked at between generations.</param>
    public async Task<DomainReport> Read(IProgress<double> progress, CancellationToken cancellation)
    {
        IReadOnlyList<GenerationRecord> records = await store.Generations(domain.Name);
        IReadOnlyList<PhaseTime> times = await store.Seconds(domain.Name);
        Dictionary<TaskId, PlanningTask> tasks = await Tasks();
        int pool = tasks.Keys.Count(task => task.Set == TaskSet.Pool);
        string[] actions = RunReward.ActionsOf(domain.Name);
        var evaluator = new DomainEvaluator(tasks, domain, format);
        var (makeShown, shown, summaries) = (new ShownTraces(actions), new List<ShownTrace>(), new List<GenerationSummary>());
        await foreach (GenerationTraces traces in Traces(records, cancellation))
        {
            GenerationRecord record = records[summaries.Count];
            summaries.Add(RunSummarizer.Summarize(record, pool, traces, times));
            evaluator.Add(record, traces);
            shown.AddRange(traces.Pool.Select(makeShown.Of));
            progress.Report(Reading * summaries.Count / records.Count);
        }

        var summary = new DomainSummary(domain.Name, summaries) { Costs = PhaseCost.Of(await store.Costs(domain.Name)) };
        DomainEvaluation evaluation = evaluator.Evaluate(await store.Mixture(domain.Name));
        var choices = new List<Choosing>();
        foreach (Choosing choosing in RunReward.Choices(shown, await store.Curated(domain.Name), actions, cancellation))
        {
            choices.Add(choosing);
            progress.Report(Reading + ((1 - Reading) * choices.Count / records.Count));
        }

        return new DomainReport(summary, evaluation) { Choices = choices, Outcomes = await store.OutcomeCounts(domain.Name) };
    }

    /// <summary>Generation by generation; while one is looked at the next is read.</summary>
    private async IAsyncEnumerable<GenerationTraces> Traces(IReadOnlyList<GenerationRecord> records, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Task<GenerationTraces> ReadFrom(GenerationRecord record) => Task.Run(() => GenerationTraces.Read(store, domain.Name, record.Number), cancellation);
        Task<GenerationTraces>? next = records.Count == 0 ? null : ReadFrom(records[0]);
        for (int i = 1; next is not null; i++)
        {
            GenerationTraces traces = await next;
            next = i < records.Count ? ReadFrom(records[i]) : null;
            yield return traces;
        }
    }

    private async Task<Dictionary<TaskId, PlanningTask>> Tasks() =>
        (await store.Tasks(domain.Name))
            .Select(task => PlanningTask.Read(task.Id, task.Problem, domain.Domain))
            .ToDictionary(task => task.Id);
}
