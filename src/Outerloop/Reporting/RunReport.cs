using Outerloop.Evaluation;
using Outerloop.Planning.Domains;
using Outerloop.Prompting;

namespace Outerloop.Reporting;

/// <summary>The report of a run as one file that opens from disk, without a network.</summary>
public static class RunReport
{
    /// <summary>Where a run's own report is.</summary>
    public static string FileOf(string run) => Path.Combine(run, "report.html");

    /// <param name="planner">Told how far a classical planner is with the tasks, where it has not solved them yet; null to do without it.</param>
    /// <exception cref="InputException">There is no run.</exception>
    /// <exception cref="OutsideException">The file cannot be written.</exception>
    public static async Task Write(string run, string file, Func<PlanningDomain, IPromptFormat> formats, IProgress<PlannerProgress>? planner, CancellationToken cancellation) =>
        AtomicFile.Write(file, ReportPage.Of(await ReportData.Read(run, formats, planner, cancellation)));

    /// <summary>The data of each chart as a file of its own: <c>DOMAIN-CHART.csv</c>.</summary>
    public static async Task WriteTables(string run, string folder, Func<PlanningDomain, IPromptFormat> formats, IProgress<PlannerProgress>? planner, CancellationToken cancellation)
    {
        ReportData data = await ReportData.Read(run, formats, planner, cancellation);
        Directory.CreateDirectory(folder);
        foreach (Chart chart in ChartCatalog.Of(data))
            AtomicFile.Write(Path.Combine(folder, $"{chart.Id}.csv"), chart.Table.ToCsv());
    }
}
