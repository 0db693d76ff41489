using System.Text;
using Microsoft.AspNetCore.Http;
using Outerloop.Gateway.OpenAi;
using Outerloop.Reporting;
using static System.FormattableString;

namespace Outerloop.Gateway.Dashboard.Pages;

/// <summary>What all pages have: head, navigation, scripts by their addresses. There is no script and no style in a page.</summary>
internal static class PageFrame
{
    private static readonly (string Section, string Path)[] OfRun =
        [("Overview", ""), ("Charts", "/charts"), ("Traces", "/traces"), ("Curation", "/curation"), ("Lineage", "/lineage"), ("Health", "/health")];

    /// <summary>A request that is refused gets a page that says why.</summary>
    public static async Task Send(HttpContext context, Func<HttpContext, Task<Page>> make)
    {
        Page page;
        try
        {
            page = await make(context);
        }
        catch (ApiException refused)
        {
            page = Refused(refused.Status, refused.Message) with { AskAgain = refused.RetryAfter };
        }
        catch (Exception broken) when (broken is InputException or OutsideException)
        {
            page = Refused(StatusCodes.Status500InternalServerError, broken.Message);
        }

        if (page.Elsewhere is { } address)
        {
            context.Response.Redirect(address);
            return;
        }

        context.Response.StatusCode = page.Status;
        if (page.AskAgain is { } seconds)
            context.Response.Headers["Refresh"] = Invariant($"{seconds}");
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(Of(page).Markup, Encoding.UTF8, context.RequestAborted);
    }

    private static Page Refused(int status, string message) =>
        new(status == StatusCodes.Status404NotFound ? "Not here" : "This cannot be shown", null, "", Html.Of($"<p class=\"note\">{message}</p><p><a href=\"/\">All runs</a></p>")) { Status = status };

    private static Html Of(Page page) => Html.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{(page.Run is null ? page.Title : $"{page.Title} · {page.Run.Name}")} · Outerloop</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/assets/dashboard.css">
        <script src="/assets/theme.js"></script>
        {Html.Concat((page.Charts ? DashboardAssets.Libraries : []).Select(library => Html.Of($"<script src=\"{library}\" defer></script>\n")))}
        {Html.Concat(page.Modules.Prepend("page.js").Concat(page.Charts && DashboardAssets.Libraries.Count > 0 ? ["charts.js"] : []).Select(module => Html.Of($"<script type=\"module\" src=\"/assets/{module}\"></script>\n")))}
        </head>
        <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header class="top">
        <a class="brand" href="/">Outerloop</a>
        {(page.Run is null ? default : Html.Of($"<a class=\"run\" href=\"{page.Run.Page}\">{page.Run.Name}</a>"))}
        <nav aria-label="Pages">{Navigation(page)}</nav>
        <button type="button" id="theme" class="quiet" hidden>Theme</button>
        </header>
        <main id="content" tabindex="-1">
        <h1>{page.Title}</h1>
        {(page.Lead.Length == 0 ? default : Html.Of($"<p class=\"lead\">{page.Lead}</p>"))}
        {page.Body}
        </main>
        </body>
        </html>

        """);

    private static Html Navigation(Page page)
    {
        IEnumerable<(string Section, string Address)> entries =
        [
            .. page.Run is { } run ? OfRun.Select(entry => (entry.Section, $"{run.Page}{entry.Path}")) : [("Runs", "/")],
            ("Compare", "/compare"), ("Playground", "/playground"),
        ];
        return Html.Concat(entries.Select(entry => Html.Of($"<a href=\"{entry.Address}\"{new Html(entry.Section == page.Section ? " aria-current=\"page\"" : "")}>{entry.Section}</a>")));
    }
}
