using Outerloop.Gateway.Dashboard.Api;
using Outerloop.Reporting;
using Outerloop.Runs;
using Outerloop.Storage;
using static System.FormattableString;

namespace Outerloop.Gateway.Dashboard.Pages;

/// <summary>One generation: what it was made from, how, and what it can do.</summary>
internal static class GenerationPage
{
    public static Html Body(ShownRun run, RunFigures figures, string domain, GenerationOrigin origin)
    {
        int number = origin.Record.Number;
        GenerationSummary row = figures.Of(domain).Summary.Generations.Single(generation => generation.Generation == number);
        IEnumerable<Chart> charts = figures.ChartsOf(domain).Where(chart => number > 0 && chart.Id == $"{domain}-training");
        string domains = Uri.EscapeDataString($"{run.Name}/{domain}/"), side = Invariant($"{domains}{number}"), before = Invariant($"{domains}{number - 1}");
        return Html.Of($"""
            {Parts.Tiles("What it can do",
            [
                ("pool solved", Invariant($"{row.Solved}"), Invariant($"of {row.Tasks} tasks")),
                ("held-out average@3", Parts.Share(row.HeldOut.AverageAt3), Invariant($"pass@3 {Parts.Share(row.HeldOut.PassAt3)}")),
                ("held-out greedy", Parts.Share(row.HeldOut.Greedy), "at temperature 0"),
                ("longest plan", Invariant($"{row.PlanLength.Max}"), Invariant($"mean {row.PlanLength.Mean:0.0} steps")),
            ])}
            <p class="links">{Parts.Link(Invariant($"{run.Page}/traces?domain={domain}&generation={number}"), "Its traces")}
            {(number == 0 ? default : Parts.Link($"/compare?first={before}&second={side}", "Against the generation before"))}
            {(number == 0 ? default : Parts.Link(Invariant($"/compare?first={domains}0&second={side}"), "Against generation 0"))}</p>
            <h2>What it was made from</h2>
            {Facts(origin)}
            {(origin.Sources.Count == 0 ? default : Mixture(run, domain, origin))}
            {Parts.Figures(run, charts, number)}
            """);
    }

    private static Html Facts(GenerationOrigin origin)
    {
        GenerationRecord record = origin.Record;
        (string Name, Html Value)[] facts =
        [
            ("weights (SHA-256)", Html.Of($"<code>{record.Weights}</code>")),
            ("trained from", origin.Parent is { } parent ? Html.Of($"generation {parent} <code>{record.BaseWeights}</code>") : Parts.Text("nothing: it is the base")),
            ("traces", Parts.Number(record.Examples)), ("optimiser steps", Parts.Number(record.Steps)), ("tokens read", Parts.Number(record.TokensTrained)),
            ("loss at the end", Parts.Text(Invariant($"{record.FinalLoss:0.000}"))),
            ("loss on traces held out", Parts.Text(record.ValidationLoss is { } loss ? Invariant($"{loss:0.000}") : "none held out")),
        ];
        return Html.Of($"<dl class=\"facts\">{Html.Concat(facts.Select(fact => Html.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>")))}</dl>");
    }

    private static Html Mixture(ShownRun run, string domain, GenerationOrigin origin)
    {
        int all = origin.Sources.Sum(part => part.Traces);
        return Parts.Table(
            "Data manifest by the generation that wrote the traces", ["written by generation", "traces", "share", "manifest"],
            origin.Sources.Select(part => (Html[])
            [
                Parts.Link(Invariant($"{run.Page}/generations/{domain}/{part.Generation}"), Invariant($"{part.Generation}")), Parts.Number(part.Traces),
                Parts.Text(Parts.Share((double)part.Traces / all)),
                Parts.Link(Invariant($"{run.Page}/lineage?domain={domain}&generation={origin.Record.Number}&source={part.Generation}"), "traces"),
            ]),
            "mixture");
    }
}
