using Microsoft.AspNetCore.Http;
using Outerloop.Gateway.Dashboard.Api;
using Outerloop.Gateway.OpenAi;
using Outerloop.Reporting;
using static System.FormattableString;

namespace Outerloop.Gateway.Dashboard.Pages;

/// <summary>All pages.</summary>
internal sealed class PageSet(Views views)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public async Task<Page> Runs(HttpContext context)
    {
        IReadOnlyList<ShownSummary> runs = await views.Runs();
        if (runs is [{ Problem: null } only])
            return new Page("", null, "", default) { Elsewhere = $"/runs/{Uri.EscapeDataString(only.Name)}" };
        return new Page("Runs", null, "Runs", RunsPage.Body(runs)) { Lead = "Iterative deployment: every run, and what it gained on its pool of tasks." };
    }

    public async Task<Page> Overview(ShownRun run, HttpContext context)
    {
        Timed<RunFigures> figures = await Figures(run);
        return new Page(run.Name, run, "Overview", OverviewPage.Body(run, figures.Figures)) { Lead = AsOf(figures), Charts = true, Modules = ["progress.js"] };
    }

    public async Task<Page> Charts(ShownRun run, HttpContext context)
    {
        string domain = run.Domain(new QueryParameters(context.Request).Text("domain"));
        Timed<RunFigures> figures = await Figures(run);
        Html choice = Parts.Form("Domain", Parts.Select("Domain", "domain", domain, run.Settings.Domains));
        Html body = Html.Of($"{(run.Settings.Domains.Length > 1 ? choice : default)}{Parts.Figures(run, figures.Figures.ChartsOf(domain))}");
        return new Page("Charts", run, "Charts", body) { Lead = $"All charts of the report, {domain}. {AsOf(figures)}", Charts = true };
    }

    public async Task<Page> Generation(ShownRun run, HttpContext context)
    {
        string domain = run.Domain($"{context.Request.RouteValues["domain"]}");
        int number = context.Whole("generation");
        Timed<RunFigures> figures = await Figures(run);
        if (!figures.Figures.Of(domain).Evaluation.Generations.Any(generation => generation.Generation == number))
            throw new ApiException(404, "The run has no such generation (yet)");
        LineageView lineage = await Views.Lineage(run, domain);
        Html body = GenerationPage.Body(run, figures.Figures, domain, lineage.Generations.Single(origin => origin.Record.Number == number));
        return new Page(Invariant($"Generation {number}, {domain}"), run, "", body) { Lead = AsOf(figures), Charts = true };
    }

    public static async Task<Page> Traces(ShownRun run, HttpContext context)
    {
        var query = new QueryParameters(context.Request);
        TraceListView page = await TraceEndpoints.Read(run, query, context.RequestAborted);
        return new Page("Traces", run, "Traces", TracesPage.Body(run, query, page, context.Request)) { Lead = "What models answered, and what the verifier said of it." };
    }

    public static async Task<Page> Trace(ShownRun run, HttpContext context)
    {
        TraceView trace = await TraceEndpoints.Find(run, context);
        return new Page($"Trace {trace.Summary.Id}", run, "Traces", TracePage.Body(run, trace)) { Modules = ["player.js"] };
    }

    public async Task<Page> Curation(ShownRun run, HttpContext context)
    {
        CurationView replay = await views.Curation(run, new QueryParameters(context.Request));
        return new Page("Curation", run, "Curation", CurationPage.Body(run, replay)) { Lead = "The stored traces under another curator: what the next generation would have been trained on." };
    }

    public async Task<Page> Lineage(ShownRun run, HttpContext context)
    {
        var query = new QueryParameters(context.Request);
        LineageView lineage = await Views.Lineage(run, query);
        int generation = query.Whole("generation", 0, int.MaxValue) ?? lineage.Generations.Select(origin => origin.Record.Number).DefaultIfEmpty(0).Max();
        ManifestView manifest = await ManifestView.Of(run, lineage.Domain, generation, query, context.RequestAborted);
        Timed<RunFigures> figures = await Figures(run);
        Html charts = Parts.Figures(run, figures.Figures.ChartsOf(lineage.Domain).Where(chart => chart.Id.EndsWith("-mixture", StringComparison.Ordinal)));
        return new Page("Lineage", run, "Lineage", LineagePage.Body(run, lineage, manifest, query, charts)) { Lead = "Which traces, by which generations, made each generation.", Charts = true };
    }

    public async Task<Page> Health(ShownRun run, HttpContext context)
    {
        HealthView health = await views.Health(run, context.RequestAborted);
        Timed<RunFigures> figures = await Figures(run);
        return new Page("Health", run, "Health", HealthPage.Body(run, health, views.Clock.GetUtcNow(), [.. figures.Figures.Charts])) { Lead = AsOf(health.At), Charts = true };
    }

    public async Task<Page> Compare(HttpContext context)
    {
        var query = new QueryParameters(context.Request);
        IReadOnlyList<ShownSummary> runs = await views.Runs();
        (string? first, string? second) = (query.Text("first"), query.Text("second"));
        (ComparisonView? comparison, string? problem) = (null, null);
        try
        {
            comparison = first is null || second is null ? null : await views.Compare(query);
        }
        catch (ApiException refused)
        {
            problem = refused.Message; // the form stays, so that the reader can choose again
        }

        return new Page("Compare", null, "Compare", ComparePage.Body(runs, first, second, comparison, problem))
        {
            Lead = "Two generations, of one run or of two, on the same tasks: paired differences with intervals of 95 %.",
        };
    }

    public async Task<Page> Playground(HttpContext context) => new("Playground", null, "Playground", PlaygroundPage.Body(await views.Runs()))
    {
        Lead = "Two models answer the same task side by side, with the verdict as their plans grow.",
        Modules = ["playground.js"],
    };

    /// <summary>A run of a million traces takes a while the first time; its reader is told so.</summary>
    private async Task<Timed<RunFigures>> Figures(ShownRun run)
    {
        Task<Timed<RunFigures>> figures = views.Figures(run);
        return await Task.WhenAny(figures, Task.Delay(Patience, views.Clock)) == figures
            ? await figures
            : throw new ApiException(503, $"The figures of {run.Name} are computed for the first time. This page comes when they are there.") { RetryAfter = 2 };
    }

    private static string AsOf<T>(Timed<T> figures) => AsOf(figures.At) + (figures.IsCurrent ? "" : " The run has changed since, and they are computed anew.");

    private static string AsOf(DateTimeOffset at) => Invariant($"Figures of {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.");
}
