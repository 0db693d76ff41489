using Microsoft.AspNetCore.Http;
using Outerloop.Gateway.OpenAi;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Gateway.Dashboard.Api;

/// <summary>Traces, by pages and one by one.</summary>
internal static class TraceEndpoints
{
    public const int PageLength = 50;

    private const int LongestPage = 500, Many = int.MaxValue;

    /// <exception cref="ApiException">A parameter is wrong.</exception>
    public static TraceFilter FilterOf(ShownRun run, QueryParameters query) => new()
    {
        Domain = query.Text("domain") is { } domain ? run.Domain(domain) : run.Settings.Domains is [var only] ? only : null, // the key begins with it
        Generation = query.Whole("generation", 0, Many),
        Set = query.Choice<TaskSet>("set"),
        Number = query.Whole("number", 0, Many),
        Mode = query.Choice<SampleMode>("mode"),
        Outcome = query.Choice<Outcome>("outcome"),
        Reason = query.Text("reason"),
        LeastSteps = query.Whole("leastSteps", 0, Many),
        MostSteps = query.Whole("mostSteps", 0, Many),
        Text = query.Text("text"),
    };

    public static async Task<TraceListView> Read(ShownRun run, QueryParameters query, CancellationToken cancellation)
    {
        TraceFilter filter = FilterOf(run, query);
        TraceId? after = query.Text("after") is { } text
            ? TraceId.Parse(text) ?? throw ApiException.Wrong("after", "must be the 'next' of a page")
            : null;
        await using RunStore store = await run.OpenToRead(cancellation);
        TracePage page = await store.Browse(filter, after, query.Whole("limit", 1, LongestPage) ?? PageLength);
        return new TraceListView([.. page.Traces.Select(TraceLine.Of)], page.Next?.ToString());
    }

    public static async Task SendPage(HttpContext context, ShownRun run) => await context.Response.WriteAsJsonAsync(
        await Read(run, new QueryParameters(context.Request), context.RequestAborted), DashboardJson.Options, context.RequestAborted);

    public static async Task SendTrace(ShownRun run, HttpContext context) =>
        await context.Response.WriteAsJsonAsync(await Find(run, context), DashboardJson.Options, context.RequestAborted);

    public static async Task SendStates(ShownRun run, HttpContext context) =>
        await context.Response.WriteAsJsonAsync(StatesView.Of(run, await Find(run, context)), DashboardJson.Options, context.RequestAborted);

    public static async Task SendState(ShownRun run, HttpContext context)
    {
        var states = StatesView.Of(run, await Find(run, context));
        int step = context.Whole("step");
        if (step > states.Steps.Count)
            throw new ApiException(404, $"The plan has {states.Steps.Count} steps that can be taken", "step", "step_not_found");
        await context.Response.WriteAsJsonAsync(new { step, facts = states.After(step) }, DashboardJson.Options, context.RequestAborted);
    }

    /// <exception cref="ApiException">There is no such trace.</exception>
    public static async Task<TraceView> Find(ShownRun run, HttpContext context)
    {
        string[] names = ["domain", "generation", "set", "number", "mode", "sample"];
        return TraceId.Parse(string.Join('/', names.Select(name => context.Request.RouteValues[name]))) is { } id && await TraceView.Of(run, id, context.RequestAborted) is { } trace
            ? trace
            : throw new ApiException(404, "There is no such trace", code: "trace_not_found");
    }
}
