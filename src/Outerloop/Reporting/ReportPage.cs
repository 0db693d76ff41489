using System.Text.Json;

namespace Outerloop.Reporting;

/// <summary>
/// A report as a page of HTML that holds all it needs. Its policy forbids the network and every script but its own, by
/// their hashes; data is JSON in a script that is not run; there are no event handlers in the markup.
/// </summary>
public static class ReportPage
{
    public static string Of(ReportData data)
    {
        List<(DomainReport Report, IReadOnlyList<Chart> Charts)> domains = [.. data.Domains.Select(domain => (domain, ChartCatalog.Of(domain)))];
        Html scripts = ReportAssets.Libraries.IsEmpty ? default : Scripts([.. domains.SelectMany(domain => domain.Charts)]);
        return Html.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy()}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Outerloop: {Path.GetFileName(data.Run)}</title>
            <style>{new Html(ReportAssets.Style)}</style>
            </head>
            <body>
            <main>
            <header>
            <h1>{data.Run}</h1>
            <p class="lead">Iterative deployment, generation by generation. Intervals are of 95 %.</p>
            </header>
            {WithoutCharts()}
            {Html.Concat(domains.Select(domain => DomainSection.Of(domain.Report, domain.Charts)))}
            <h2>Settings</h2>
            <section class="card"><pre>{data.Settings}</pre></section>
            {Servers(data.Servers)}
            {Licences()}
            </main>
            {scripts}
            </body>
            </html>

            """).Markup;
    }

    private static Html Servers(IReadOnlyList<string> servers) => servers.Count == 0 ? default : Html.Of($"""
        <h2>Servers</h2>
        <section class="card"><p class="lead">As those that answered describe themselves. Answers of other servers, or of the same at another time, differ.</p>
        <ul>{Html.Concat(servers.Select(server => Html.Of($"<li><code>{server}</code></li>")))}</ul></section>
        """);

    private static string Policy()
    {
        string scripts = string.Join(' ', ReportAssets.Libraries.Append(ReportAssets.Script).Select(ReportAssets.HashOf));
        return $"default-src 'none'; script-src {scripts}; style-src {ReportAssets.HashOf(ReportAssets.Style)}; base-uri 'none'; form-action 'none'";
    }

    private static Html WithoutCharts() => ReportAssets.Libraries.IsEmpty
        ? Html.Of($"""<p class="note">Here are the tables and the data; the charts need a program that was built where Node.js is (npm ci restores what draws them).</p>""")
        : default;

    private static Html Scripts(IReadOnlyList<Chart> charts)
    {
        // The default encoder writes <, > and & as escapes, so that no text can end the script.
        string data = JsonSerializer.Serialize(
            new
            {
                themes = ReportAssets.Themes,
                specifications = charts.Select(chart => chart.Specification).Distinct().ToDictionary(name => name, ReportAssets.Specification),
                charts = charts.Select(chart => new { chart.Id, chart.Alternative, chart.Specification, values = chart.Table.Values() }),
            },
            JsonSerializerOptions.Web);
        IEnumerable<Html> scripts = ReportAssets.Libraries.Append(ReportAssets.Script).Select(script => new Html($"<script>{script}</script>\n"));
        return new Html($"<script type=\"application/json\" id=\"report-data\">{data}</script>\n{Html.Concat(scripts)}");
    }

    private static Html Licences() => ReportAssets.Licences.IsEmpty ? default : Html.Of($"""
        <h2>Software in this file</h2>
        {Html.Concat(ReportAssets.Licences.Select(licence => Html.Of($"<details><summary>{licence.Name}</summary><pre>{licence.Text}</pre></details>\n")))}
        """);
}
