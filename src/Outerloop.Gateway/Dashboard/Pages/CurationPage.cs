using Outerloop.Curation;
using Outerloop.Gateway.Dashboard.Api;
using Outerloop.Reporting;
using static System.FormattableString;

namespace Outerloop.Gateway.Dashboard.Pages;

/// <summary>What another curator would have kept.</summary>
internal static class CurationPage
{
    public static Html Body(ShownRun run, CurationView replay)
    {
        (string Name, CuratedSummary Part)[] parts = [($"kept by the run ({replay.OwnCurator})", replay.Own), ($"kept by {replay.Curator}", replay.Other), ("by both", replay.Kept), ("gained", replay.Gained), ("lost", replay.Lost)];
        int[] sources = [.. parts.SelectMany(part => part.Part.BySource.Keys).Distinct().Order()];
        return Html.Of($"""
            {Form(run, replay)}
            <p>{Invariant($"Of {replay.Offered:N0} traces on the pool by the generations before generation {replay.Generation} of {replay.Domain}.")}</p>
            {Parts.Table(
                "What is kept", ["traces", "number", "tasks", "valid", "mean steps", .. sources.Select(source => Invariant($"by generation {source}"))],
                parts.Select(part => (Html[])
                [
                    Parts.Text(part.Name), Parts.Number(part.Part.Traces), Parts.Number(part.Part.Tasks), Parts.Number(part.Part.Valid), Parts.Text(Invariant($"{part.Part.MeanSteps:0.0}")),
                    .. sources.Select(source => Parts.Number(part.Part.BySource.GetValueOrDefault(source))),
                ]),
                "curation")}
            {Traces(run, "Gained", replay.Gained)}
            {Traces(run, "Lost", replay.Lost)}
            """);
    }

    private static Html Form(ShownRun run, CurationView replay)
    {
        Html known = Html.Concat(CuratorCatalog.All.Select(kind => Html.Of($"<option value=\"{kind.Name}\">{kind.Form}: {kind.Description}</option>")));
        return Parts.Form("Another curator", Html.Of($"""
            {Parts.Select("Domain", "domain", replay.Domain, run.Settings.Domains)}
            {Parts.Field("Generation", "generation", Invariant($"{replay.Generation}"), "number")}
            <label>Curator<input name="curator" list="curators" value="{replay.Curator}"></label><datalist id="curators">{known}</datalist>
            """));
    }

    private static Html Traces(ShownRun run, string name, CuratedSummary part) => part.Traces == 0 ? default : Parts.Table(
        part.First.Count < part.Traces ? Invariant($"{name}: the first {part.First.Count} of {part.Traces}, by task") : $"{name}, by task", ["trace", "outcome", "steps", "answer"],
        part.First.Select(trace => (Html[])
        [
            Parts.Link($"{run.Page}/traces/{trace.Id}", trace.Id), Html.Of($"<span class=\"outcome {trace.Outcome}\">{trace.Outcome}</span>"), Parts.Number(trace.PlanSteps),
            Html.Of($"<span class=\"answer\">{Parts.Visible(trace.Text)}</span>"),
        ]),
        name);
}
