using Outerloop.Evaluation;
using Outerloop.Runs;

namespace Outerloop.Reporting;

/// <summary>All charts of one domain of a run, in the order of the report. What has no data yet is left out.</summary>
public static class ChartCatalog
{
    /// <summary>Of all domains.</summary>
    public static IEnumerable<Chart> Of(ReportData data) => data.Summary.Domains.Zip(data.Evaluations, Of).SelectMany(charts => charts);

    public static IReadOnlyList<Chart> Of(DomainSummary summary, DomainEvaluation evaluation) =>
    [
        .. AbilityCharts.Of(evaluation)
            .Concat(PlanCharts.Of(evaluation))
            .Concat(CostCharts.Of(summary, evaluation))
            .Where(chart => chart.Table.Rows.Count > 0)
            .Select(chart => chart with { Id = $"{evaluation.Domain}-{chart.Id}" }),
    ];
}
