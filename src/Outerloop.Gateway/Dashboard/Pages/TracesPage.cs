using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Outerloop.Gateway.Dashboard.Api;
using Outerloop.Reporting;
using Outerloop.Tasks;
using Outerloop.Traces;
using static System.FormattableString;

namespace Outerloop.Gateway.Dashboard.Pages;

/// <summary>Traces that a form chooses, a page at a time.</summary>
internal static class TracesPage
{
    public static Html Body(ShownRun run, QueryParameters query, TraceListView page, HttpRequest request)
    {
        bool first = query.Text("after") is null;
        return Html.Of($"""
            {Filters(run, query)}
            {(page.Traces.Count == 0
                ? Html.Of($"<p class=\"note\">{(page.Next is null ? "No trace is like this." : "None so far; there is more to look through.")}</p>")
                : Parts.Table("Traces in the order of their ids", ["trace", "outcome", "steps", "fails at", "reason", "tokens", "answer"], page.Traces.Select(trace => Row(run, trace)), "traces"))}
            <nav class="pages" aria-label="Pages of traces">
            {(first ? default : Parts.Link(Address(request, null), "First page"))}
            {(page.Next is { } next ? Parts.Link(Address(request, next), "Next page") : default)}
            </nav>
            """);
    }

    private static Html Filters(ShownRun run, QueryParameters query) => Parts.Form("Traces to show", Html.Of($"""
        {Parts.Select("Domain", "domain", query.Text("domain"), run.Settings.Domains, "all")}
        {Parts.Field("Generation", "generation", query.Text("generation"), "number")}
        {Parts.Select("Tasks", "set", query.Text("set"), Enum.GetValues<TaskSet>().Select(DashboardJson.Code), "all")}
        {Parts.Field("Task", "number", query.Text("number"), "number")}
        {Parts.Select("Sampled", "mode", query.Text("mode"), Enum.GetValues<SampleMode>().Select(DashboardJson.Code), "any way")}
        {Parts.Select("Outcome", "outcome", query.Text("outcome"), Enum.GetValues<Outcome>().Select(DashboardJson.Code), "any")}
        {Parts.Field("Steps from", "leastSteps", query.Text("leastSteps"), "number")}
        {Parts.Field("to", "mostSteps", query.Text("mostSteps"), "number")}
        {Parts.Field("Text", "text", query.Text("text"), "search")}
        """));

    private static Html[] Row(ShownRun run, TraceLine trace) =>
    [
        Parts.Link($"{run.Page}/traces/{trace.Id}", trace.Id), Html.Of($"<span class=\"outcome {trace.Outcome}\">{trace.Outcome}</span>"),
        Parts.Number(trace.PlanSteps), Parts.Text(trace.FailingStep is { } step ? Invariant($"step {step}") : ""), Parts.Text(trace.Reason), Parts.Number(trace.AnswerTokens),
        Html.Of($"<span class=\"answer\">{Parts.Visible(trace.Text)}</span>"),
    ];

    private static string Address(HttpRequest request, string? after)
    {
        var query = new QueryBuilder(request.Query.Where(parameter => parameter.Key != "after" && !string.IsNullOrEmpty(parameter.Value)).SelectMany(parameter => parameter.Value.Select(value => KeyValuePair.Create(parameter.Key, value!))));
        if (after is not null)
            query.Add("after", after);
        return $"{request.Path}{query}";
    }
}
