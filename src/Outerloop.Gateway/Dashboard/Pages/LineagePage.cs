using Outerloop.Gateway.Dashboard.Api;
using Outerloop.Reporting;
using static System.FormattableString;

namespace Outerloop.Gateway.Dashboard.Pages;

/// <summary>What made each generation, down to single traces.</summary>
internal static class LineagePage
{
    public static Html Body(ShownRun run, LineageView lineage, ManifestView manifest, QueryParameters query, Html charts)
    {
        int[] sources = [.. lineage.Generations.SelectMany(origin => origin.Sources).Select(part => part.Generation).Distinct().Order()];
        return Html.Of($"""
            {(run.Settings.Domains.Length > 1 ? Parts.Form("Domain", Parts.Select("Domain", "domain", lineage.Domain, run.Settings.Domains)) : default)}
            {Parts.Table(
                $"Traces that each generation was trained on, by the generation that wrote them, {lineage.Domain}",
                ["generation", "trained from", "traces", .. sources.Select(source => Invariant($"by {source}")), "weights"],
                lineage.Generations.Select(origin => Row(run, lineage.Domain, origin, sources)), "lineage")}
            {charts}
            {Manifest(run, manifest, query)}
            """);
    }

    private static Html[] Row(ShownRun run, string domain, GenerationOrigin origin, int[] sources) =>
    [
        Parts.Link(Invariant($"{run.Page}/generations/{domain}/{origin.Record.Number}"), Invariant($"{origin.Record.Number}")),
        Parts.Text(origin.Parent is { } parent ? Invariant($"generation {parent}") : "the base"), Parts.Number(origin.Record.Examples),
        .. sources.Select(source => Source(run, domain, origin, source)), Html.Of($"<code>{Parts.Short(origin.Record.Weights)}</code>"),
    ];

    private static Html Source(ShownRun run, string domain, GenerationOrigin origin, int source) =>
        origin.Sources.FirstOrDefault(part => part.Generation == source) is { } part
            ? Parts.Link(Invariant($"{run.Page}/lineage?domain={domain}&generation={origin.Record.Number}&source={source}"), Invariant($"{part.Traces:N0}"))
            : default;

    private static Html Manifest(ShownRun run, ManifestView manifest, QueryParameters query)
    {
        if (manifest.Traces.Count == 0)
            return Html.Of($"<p class=\"note\">{Invariant($"Generation {manifest.Generation} was trained on no such trace.")}</p>");
        string source = query.Text("source") is { } by ? $"&source={by}" : "";
        string next = Invariant($"{run.Page}/lineage?domain={manifest.Domain}&generation={manifest.Generation}{source}&after={manifest.Next}");
        return Html.Of($"""
            <h2>{Invariant($"Manifest of generation {manifest.Generation}")}{(source.Length == 0 ? "" : $", by generation {query.Text("source")}")}</h2>
            <ol class="manifest">{Html.Concat(manifest.Traces.Select(id => Html.Of($"<li>{Parts.Link($"{run.Page}/traces/{id}", id)}</li>")))}</ol>
            <nav class="pages" aria-label="Parts of the manifest">{(manifest.Next is null ? default : Parts.Link(next, "Next part"))}</nav>
            """);
    }
}
