using Microsoft.AspNetCore.Http;
using Outerloop.Gateway.OpenAi;
using Outerloop.Reporting;

namespace Outerloop.Gateway.Dashboard.Api;

/// <summary>The data of one of the report's charts, as JSON or CSV.</summary>
internal static class ChartEndpoint
{
    public static async Task Send(HttpContext context, ShownRun run, Views views)
    {
        var query = new QueryParameters(context.Request);
        Chart chart = Of(await views.Figures(run), $"{context.Request.RouteValues["chart"]}", query.Whole("generation", 0, int.MaxValue));
        if (query.Text("format") is not ("csv" or "json" or null))
            throw ApiException.Wrong("format", "must be json or csv");
        if (query.Text("format") == "csv")
        {
            context.Response.ContentType = "text/csv; charset=utf-8";
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"{chart.Id}.csv\"";
            await context.Response.WriteAsync(chart.Table.ToCsv(), context.RequestAborted);
            return;
        }

        await context.Response.WriteAsJsonAsync(
            new { chart.Id, chart.Title, chart.Note, chart.Alternative, chart.Specification, chart.Table.Columns, Values = chart.Table.Values() },
            DashboardJson.Options, context.RequestAborted);
    }

    /// <summary>A chart, of all generations or of one.</summary>
    /// <exception cref="ApiException">There is no such chart.</exception>
    private static Chart Of(Timed<RunFigures> figures, string id, int? generation)
    {
        Chart chart = figures.Figures.Charts.FirstOrDefault(one => one.Id == id)
            ?? throw new ApiException(404, "The run has no such chart, or no data for it yet", "chart", "chart_not_found");
        int column = chart.Table.Columns.IndexOf("generation");
        return generation is null || column < 0
            ? chart
            : chart with { Table = chart.Table with { Rows = [.. chart.Table.Rows.Where(row => row[column] is int number && number == generation)] } };
    }
}
