using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Outerloop.Gateway.Dashboard.Api;
using Outerloop.Gateway.Dashboard.Pages;
using Outerloop.Gateway.Endpoints;
using Outerloop.Gateway.OpenAi;

namespace Outerloop.Gateway.Dashboard;

/// <summary>The dashboard's addresses: pages, the JSON that they are made of, and their files.</summary>
internal sealed class DashboardSite
{
    private readonly IEndpointRouteBuilder _routes;
    private readonly RunShelf _shelf;

    private DashboardSite(IEndpointRouteBuilder routes, RunShelf shelf)
    {
        _routes = routes;
        _shelf = shelf;
    }

    public static void Map(IEndpointRouteBuilder routes, RunShelf shelf, TimeProvider clock)
    {
        var site = new DashboardSite(routes, shelf);
        var views = new Views(shelf, clock);
        site.MapApi(views, clock);
        site.MapPages(views);
        site.Get("/assets/{**name}", context => DashboardAssets.Send(context, $"{context.Request.RouteValues["name"]}"));
    }

    private void MapApi(Views views, TimeProvider clock)
    {
        Json("/api/v1/runs", async _ => new { runs = await views.Runs() });
        RunJson("", async (run, _) => (await views.Figures(run)).Figures.Summary);
        RunJson("/charts", async (run, _) => new { charts = (await views.Figures(run)).Figures.Charts.Select(chart => new { chart.Id, chart.Title, chart.Note, chart.Alternative, chart.Specification }) });
        OfRun("/charts/{chart}", (run, context) => ChartEndpoint.Send(context, run, views));
        OfRun("/traces", (run, context) => TraceEndpoints.SendPage(context, run));
        OfRun("/traces/{domain}/{generation}/{set}/{number}/{mode}/{sample}", TraceEndpoints.SendTrace);
        OfRun("/traces/{domain}/{generation}/{set}/{number}/{mode}/{sample}/states", TraceEndpoints.SendStates);
        OfRun("/traces/{domain}/{generation}/{set}/{number}/{mode}/{sample}/states/{step}", TraceEndpoints.SendState);
        RunJson("/tasks/{domain}/{set}/{number}", TaskView.Of);
        RunJson("/curation", (run, context) => views.Curation(run, new QueryParameters(context.Request)));
        RunJson("/lineage", (run, context) => Views.Lineage(run, new QueryParameters(context.Request)));
        RunJson("/manifest", (run, context) => ManifestView.Of(run, new QueryParameters(context.Request), context.RequestAborted));
        RunJson("/health", (run, context) => views.Health(run, context.RequestAborted));
        Json("/api/v1/compare", context => views.Compare(new QueryParameters(context.Request)));
        var progress = new ProgressEndpoint(clock);
        OfRun("/progress", progress.Handle);
        _routes.MapPost("/api/v1/validate", Protected(ValidateEndpoint.Handle));
    }

    private void MapPages(Views views)
    {
        var pages = new PageSet(views);
        Page("/", pages.Runs);
        Page("/compare", pages.Compare);
        Page("/playground", pages.Playground);
        RunPage("", pages.Overview);
        RunPage("/charts", pages.Charts);
        RunPage("/generations/{domain}/{generation}", pages.Generation);
        RunPage("/traces", PageSet.Traces);
        RunPage("/traces/{domain}/{generation}/{set}/{number}/{mode}/{sample}", PageSet.Trace);
        RunPage("/curation", pages.Curation);
        RunPage("/lineage", pages.Lineage);
        RunPage("/health", pages.Health);
    }

    private ShownRun RunOf(HttpContext context) => _shelf.Find($"{context.Request.RouteValues["run"]}");

    private void RunJson<T>(string path, Func<ShownRun, HttpContext, Task<T>> read) =>
        OfRun(path, async (run, context) => await SendJson(context, await read(run, context)));

    private void OfRun(string path, Func<ShownRun, HttpContext, Task> handle) =>
        Get("/api/v1/runs/{run}" + path, context => handle(RunOf(context), context));

    private void Json<T>(string path, Func<HttpContext, Task<T>> read) => Get(path, async context => await SendJson(context, await read(context)));

    private void RunPage(string path, Func<ShownRun, HttpContext, Task<Page>> make) => Page("/runs/{run}" + path, context => make(RunOf(context), context));

    private void Page(string path, Func<HttpContext, Task<Page>> make) => Get(path, context => PageFrame.Send(context, make));

    private void Get(string path, RequestDelegate handle) => _routes.MapRead(path, Protected(handle));

    private static Task SendJson<T>(HttpContext context, T value) =>
        context.Response.WriteAsJsonAsync(value, DashboardJson.Options, context.RequestAborted);

    /// <summary>What is wrong with a run's files is said; their reader can mend them.</summary>
    private static RequestDelegate Protected(RequestDelegate handle) => async context =>
    {
        context.Response.OnStarting(() =>
        {
            PageSecurity.Protect(context.Response); // refusals are sent after all headers were taken back
            return Task.CompletedTask;
        });
        try
        {
            await handle(context);
        }
        catch (InputException problem)
        {
            throw new ApiException(500, problem.Message);
        }
        catch (OutsideException problem)
        {
            throw new ApiException(503, problem.Message);
        }
    };
}

/// <summary>A number in a route.</summary>
internal static class RouteNumbers
{
    /// <exception cref="ApiException">It is none.</exception>
    public static int Whole(this HttpContext context, string name) =>
        int.TryParse($"{context.Request.RouteValues[name]}", NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw ApiException.Wrong(name, "must be a whole number");
}
