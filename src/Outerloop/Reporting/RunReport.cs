using Outerloop.Policies;

namespace Outerloop.Reporting;

/// <summary>The report of a run as one file that opens from disk, without a network.</summary>
public static class RunReport
{
    /// <summary>Where a run's own report is.</summary>
    public static string FileOf(string run) => Path.Combine(run, "report.html");

    /// <param name="withPlanner">Whether a classical planner solves the tasks where none has yet.</param>
    /// <exception cref="InputException">There is no run.</exception>
    /// <exception cref="OutsideException">The file cannot be written.</exception>
    public static async Task Write(string run, string file, IPolicyFactory policies, bool withPlanner, CancellationToken cancellation) =>
        AtomicFile.Write(file, ReportPage.Of(await ReportData.Read(run, policies, withPlanner, cancellation)));

    /// <summary>The data of each chart as a file of its own: <c>DOMAIN-CHART.csv</c>.</summary>
    public static async Task WriteTables(string run, string folder, IPolicyFactory policies, CancellationToken cancellation)
    {
        ReportData data = await ReportData.Read(run, policies, withPlanner: true, cancellation);
        Directory.CreateDirectory(folder);
        foreach (Chart chart in ChartCatalog.Of(data))
            AtomicFile.Write(Path.Combine(folder, $"{chart.Id}.csv"), chart.Table.ToCsv());
    }
}
