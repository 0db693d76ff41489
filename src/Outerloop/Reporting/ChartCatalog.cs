namespace Outerloop.Reporting;

/// <summary>All charts of one domain of a run, in the order of the report. What has no data yet is left out.</summary>
public static class ChartCatalog
{
    /// <summary>Of all domains.</summary>
    public static IEnumerable<Chart> Of(ReportData data) => data.Domains.SelectMany(Of);

    public static IReadOnlyList<Chart> Of(DomainReport report) =>
    [
        .. AbilityCharts.Of(report.Evaluation)
            .Concat(PlanCharts.Of(report.Evaluation))
            .Concat(report.Planner is { } planner ? [PlannerChart.Of(report.Evaluation, planner)] : Enumerable.Empty<Chart>())
            .Append(RewardCharts.Effects(report.Choices))
            .Append(TrainingCharts.Curves(report.Curves))
            .Concat(CostCharts.Of(report.Summary, report.Evaluation))
            .Where(chart => chart.Table.Rows.Count > 0)
            .Select(chart => chart with { Id = $"{report.Domain}-{chart.Id}" }),
    ];
}
