using Outerloop.Policies;
using Outerloop.Reporting;
using Outerloop.Runs;
using Outerloop.Storage;

namespace Outerloop.Gateway.Dashboard;

/// <summary>All figures of a run: those of its report, and how its traces ended.</summary>
/// <param name="Charts">The report's, in its order.</param>
/// <param name="Outcomes">By domain.</param>
internal sealed record RunFigures(ReportData Data, IReadOnlyList<Chart> Charts, IReadOnlyDictionary<string, IReadOnlyList<OutcomeCount>> Outcomes)
{
    public RunSummary Summary => new(Data.Run, [.. Data.Domains.Select(domain => domain.Summary)]);

    public DomainReport Of(string domain) => Data.Domains.Single(report => report.Domain == domain);

    public IEnumerable<Chart> ChartsOf(string domain) => Charts.Where(chart => chart.Id.StartsWith(domain + "-", StringComparison.Ordinal));

    public static async Task<RunFigures> Read(ShownRun run)
    {
        await using RunStore store = await run.OpenToRead(CancellationToken.None);
        RunSummary summary = await new RunSummarizer(store).Summarize(run.Path, run.Settings.Domains);
        ReportData data = await ReportData.Read(summary, store, domain => PolicyCatalog.FormatOf(run.Path, domain), planner: null, CancellationToken.None);
        var outcomes = new Dictionary<string, IReadOnlyList<OutcomeCount>>();
        foreach (string domain in run.Settings.Domains)
            outcomes[domain] = await store.OutcomeCounts(domain);
        return new RunFigures(data, [.. ChartCatalog.Of(data)], outcomes);
    }
}
