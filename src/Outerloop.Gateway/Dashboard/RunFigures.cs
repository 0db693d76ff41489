using Outerloop.Policies;
using Outerloop.Reporting;
using Outerloop.Runs;
using Outerloop.Storage;

namespace Outerloop.Gateway.Dashboard;

/// <summary>All figures of a run: those of its report.</summary>
/// <param name="Charts">The report's, in its order.</param>
internal sealed record RunFigures(ReportData Data, IReadOnlyList<Chart> Charts)
{
    public RunSummary Summary => new(Data.Run, [.. Data.Domains.Select(domain => domain.Summary)]);

    public static RunFigures Of(ReportData data) => new(data, [.. ChartCatalog.Of(data)]);

    public DomainReport Of(string domain) => Data.Domains.Single(report => report.Domain == domain);

    public IEnumerable<Chart> ChartsOf(string domain) => Charts.Where(chart => chart.Id.StartsWith(domain + "-", StringComparison.Ordinal));

    public static async Task<RunFigures> Read(ShownRun run, IProgress<double> progress)
    {
        await using RunStore store = await run.OpenToRead(CancellationToken.None);
        return Of(await ReportData.Read(run.Path, store, domain => PolicyCatalog.FormatOf(run.Path, domain), progress, CancellationToken.None));
    }
}
