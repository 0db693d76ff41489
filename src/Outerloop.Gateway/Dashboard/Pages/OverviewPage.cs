using Outerloop.Evaluation;
using Outerloop.Reporting;
using Outerloop.Runs;
using static System.FormattableString;

namespace Outerloop.Gateway.Dashboard.Pages;

/// <summary>A run at a glance: how far it is, what each generation solves.</summary>
internal static class OverviewPage
{
    /// <summary>The charts that say most.</summary>
    private static readonly string[] Shown = ["solved", "ability", "plan-lengths", "changes"];

    public static Html Body(ShownRun run, RunFigures figures) => Html.Of($"""
        <section id="progress" aria-label="Progress" data-source="{run.Api}/progress" hidden></section>
        {Html.Concat(figures.Data.Domains.Select(domain => Domain(run, figures, domain)))}
        <details class="settings"><summary>Settings of the run</summary><pre>{figures.Data.Settings}</pre></details>
        """);

    private static Html Domain(ShownRun run, RunFigures figures, DomainReport report) => Html.Of($"""
        <section aria-label="{report.Domain}"><h2>{report.Domain}</h2>
        {(report.Summary.Generations.Count == 0 ? Html.Of($"<p class=\"note\">No generation is deployed yet.</p>") : Gains(report.Summary))}
        {Parts.Figures(run, figures.ChartsOf(report.Domain).Where(chart => Shown.Contains(chart.Id[(report.Domain.Length + 1)..])))}
        {Generations(run, report)}
        </section>
        """);

    private static Html Gains(DomainSummary summary)
    {
        GenerationSummary first = summary.Generations[0], last = summary.Generations[^1];
        return Parts.Tiles(Invariant($"Generation {first.Generation} against generation {last.Generation}"),
        [
            ("pool solved", Invariant($"{first.Solved} → {last.Solved}"), Invariant($"of {last.Tasks} tasks")),
            ("held-out average@3", Invariant($"{100 * first.HeldOut.AverageAt3:0.0} → {100 * last.HeldOut.AverageAt3:0.0} %"), Invariant($"of {last.HeldOut.Tasks} tasks")),
            ("held-out greedy", Invariant($"{100 * first.HeldOut.Greedy:0.0} → {100 * last.HeldOut.Greedy:0.0} %"), "at temperature 0"),
            ("longest plan", Invariant($"{first.PlanLength.Max} → {last.PlanLength.Max}"), "steps, on the pool"),
        ]);
    }

    private static Html Generations(ShownRun run, DomainReport report) => Parts.Table(
        $"Generations, {report.Domain}", ["generation", "pool solved", "interval of 95 %", "held-out average@3", "greedy", "trained on", "plan mean / longest", "weights"],
        report.Summary.Generations.Zip(report.Evaluation.Generations, (row, evaluation) => (Html[])
        [
            Parts.Link(Invariant($"{run.Page}/generations/{report.Domain}/{row.Generation}"), Invariant($"{row.Generation}")),
            Parts.Link(Invariant($"{run.Page}/traces?domain={report.Domain}&generation={row.Generation}&set=pool&outcome=valid"), Invariant($"{row.Solved} of {row.Tasks}")),
            Interval(evaluation.Pool), Parts.Text(Parts.Share(row.HeldOut.AverageAt3)), Parts.Text(Parts.Share(row.HeldOut.Greedy)), Parts.Number(row.Curated),
            Parts.Text(Invariant($"{row.PlanLength.Mean:0.0} / {row.PlanLength.Max}")), Html.Of($"<code>{Parts.Short(row.Weights)}</code>"),
        ]),
        $"{report.Domain}-generations");

    private static Html Interval(Estimate? share) => Parts.Text(share is null ? "" : Invariant($"{100 * share.Low:0.0} – {100 * share.High:0.0} %"));
}
