using Microsoft.AspNetCore.Http;
using Outerloop.Gateway.Dashboard.Api;
using Outerloop.Gateway.OpenAi;
using Outerloop.Reporting;
using static System.FormattableString;

namespace Outerloop.Gateway.Dashboard.Pages;

/// <summary>All pages.</summary>
internal sealed class PageSet(Views views)
{
    /// <summary>How long a page waits for figures before it says that they are not there yet.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    public async Task<Page> Runs(HttpContext context)
    {
        IReadOnlyList<ShownSummary> runs = await views.Runs();
        if (runs is [{ Problem: null } only])
            return new Page("", null, "", default) { Elsewhere = $"/runs/{Uri.EscapeDataString(only.Name)}" };
        return new Page("Runs", null, "Runs", RunsPage.Body(runs)) { Lead = "Iterative deployment: every run, and what it gained on its pool of tasks." };
    }

    public Task<Page> Overview(ShownRun run, HttpContext context) => WithFigures(run, "Overview", figures => Task.FromResult(
        new Page(run.Name, run, "Overview", OverviewPage.Body(run, figures.Figures)) { Lead = AsOf(figures), Charts = true, Modules = ["progress.js"] }));

    public Task<Page> Charts(ShownRun run, HttpContext context)
    {
        string domain = run.Domain(new QueryParameters(context.Request).Text("domain"));
        return WithFigures(run, "Charts", figures =>
        {
            Html choice = Parts.Form("Domain", Parts.Select("Domain", "domain", domain, run.Settings.Domains));
            Html body = Html.Of($"{(run.Settings.Domains.Length > 1 ? choice : default)}{Parts.Figures(run, figures.Figures.ChartsOf(domain))}");
            return Task.FromResult(new Page("Charts", run, "Charts", body) { Lead = $"All charts of the report, {domain}. {AsOf(figures)}", Charts = true });
        });
    }

    public Task<Page> Generation(ShownRun run, HttpContext context)
    {
        string domain = run.Domain($"{context.Request.RouteValues["domain"]}");
        int number = context.Whole("generation");
        return WithFigures(run, "", async figures =>
        {
            if (!figures.Figures.Of(domain).Evaluation.Generations.Any(generation => generation.Generation == number))
                throw new ApiException(404, "The run has no such generation (yet)");
            LineageView lineage = await Views.Lineage(run, domain);
            Html body = GenerationPage.Body(run, figures.Figures, domain, lineage.Generations.Single(origin => origin.Record.Number == number));
            return new Page(Invariant($"Generation {number}, {domain}"), run, "", body) { Lead = AsOf(figures), Charts = true };
        });
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
        Asked<CurationView> asked = await views.AskCuration(run, new QueryParameters(context.Request));
        return await WhenThere(asked, computing => NotYetPage.Of(run, "Curation", "The choices of another curator are made", computing), replay => Task.FromResult(
            new Page("Curation", run, "Curation", CurationPage.Body(run, replay.Figures)) { Lead = "The stored traces under another curator: what the next generation would have been trained on." }));
    }

    public async Task<Page> Lineage(ShownRun run, HttpContext context)
    {
        var query = new QueryParameters(context.Request);
        LineageView lineage = await Views.Lineage(run, query);
        int generation = query.Whole("generation", 0, int.MaxValue) ?? lineage.Generations.Select(origin => origin.Record.Number).DefaultIfEmpty(0).Max();
        ManifestView manifest = await ManifestView.Of(run, lineage.Domain, generation, query, context.RequestAborted);
        return await WithFigures(run, "Lineage", figures =>
        {
            Html charts = Parts.Figures(run, figures.Figures.ChartsOf(lineage.Domain).Where(chart => chart.Id.EndsWith("-mixture", StringComparison.Ordinal)));
            return Task.FromResult(new Page("Lineage", run, "Lineage", LineagePage.Body(run, lineage, manifest, query, charts)) { Lead = "Which traces, by which generations, made each generation.", Charts = true });
        });
    }

    public Task<Page> Health(ShownRun run, HttpContext context) => WithFigures(run, "Health", async figures =>
    {
        HealthView health = await views.Health(run, context.RequestAborted);
        return new Page("Health", run, "Health", HealthPage.Body(run, health, views.Clock.GetUtcNow(), [.. figures.Figures.Charts])) { Lead = AsOf(health.At), Charts = true };
    });

    public async Task<Page> Compare(HttpContext context)
    {
        var query = new QueryParameters(context.Request);
        IReadOnlyList<ShownSummary> runs = await views.Runs();
        (string? first, string? second) = (query.Text("first"), query.Text("second"));
        Page Of(ComparisonView? comparison, string? problem) => new("Compare", null, "Compare", ComparePage.Body(runs, first, second, comparison, problem))
        {
            Lead = "Two generations, of one run or of two, on the same tasks: paired differences with intervals of 95 %.",
        };
        if (first is null || second is null)
            return Of(null, null);
        try
        {
            return await WhenThere(
                views.AskComparison(query), computing => NotYetPage.Of(null, "Compare", "The generations are compared", computing), comparison => Task.FromResult(Of(comparison.Figures, null)));
        }
        catch (ApiException refused)
        {
            return Of(null, refused.Message); // the form stays, so that the reader can choose again
        }
    }

    public async Task<Page> Playground(HttpContext context) => new("Playground", null, "Playground", PlaygroundPage.Body(await views.Runs()))
    {
        Lead = "Two models answer the same task side by side, with the verdict as their plans grow.",
        Modules = ["playground.js"],
    };

    private Task<Page> WithFigures(ShownRun run, string section, Func<Timed<RunFigures>, Task<Page>> make) =>
        WhenThere(views.AskFigures(run), computing => NotYetPage.Of(run, section, $"The figures of {run.Name} are computed", computing), make);

    /// <summary>A run of a million traces takes a while the first time; its reader is told so.</summary>
    private async Task<Page> WhenThere<T>(Asked<T> asked, Func<Computing, Page> notYet, Func<Timed<T>, Task<Page>> make) =>
        asked.Computing is { } computing && await Task.WhenAny(asked.There, Task.Delay(Patience, views.Clock)) != asked.There
            ? notYet(computing)
            : await make(await asked.There);

    private static string AsOf<T>(Timed<T> figures) => AsOf(figures.At) + (figures.IsCurrent ? "" : " The run has changed since, and they are computed anew.");

    private static string AsOf(DateTimeOffset at) => Invariant($"Figures of {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.");
}
