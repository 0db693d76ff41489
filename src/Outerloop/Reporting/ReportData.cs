using Outerloop.Configuration;
using Outerloop.Evaluation;
using Outerloop.Planning.Domains;
using Outerloop.Runs;
using Outerloop.Storage;

namespace Outerloop.Reporting;

/// <summary>Everything that a report shows of a run.</summary>
/// <param name="Settings">The run's settings, as its file has them.</param>
public sealed record ReportData(RunSummary Summary, string Settings, IReadOnlyList<DomainEvaluation> Evaluations)
{
    /// <summary>Of a run that may be unfinished; nothing is written.</summary>
    public static async Task<ReportData> Read(string run, CancellationToken cancellation)
    {
        RunSummary summary = await RunExecution.Summarize(run, cancellation);
        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(run), cancellation);
        var evaluations = new List<DomainEvaluation>();
        foreach (DomainSummary domain in summary.Domains)
            evaluations.Add(await new EvaluationReader(store, DomainCatalog.Find(domain.Domain)!).Read());
        return new ReportData(summary, RunFile.Print(RunFolder.SettingsAt(run)), evaluations);
    }
}
