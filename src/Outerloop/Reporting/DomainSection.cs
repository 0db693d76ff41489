using System.Text;
using Outerloop.Evaluation;
using Outerloop.Runs;
using Outerloop.Traces;
using static System.FormattableString;

namespace Outerloop.Reporting;

/// <summary>The part of a report about one domain: the gain, the charts, the generations with their hashes, some traces.</summary>
internal static class DomainSection
{
    public static Html Of(DomainReport report, IReadOnlyList<Chart> charts) => Html.Of($"""
        <h2>{report.Domain}</h2>
        {Tiles(report.Summary)}
        <div class="charts">
        {Html.Concat(charts.Select(Figure))}
        </div>
        {Generations(report.Summary, report.Evaluation)}
        {CostSection.Of(report.Summary)}
        {Examples(report.Evaluation)}
        """);

    private static Html Tiles(DomainSummary summary)
    {
        if (summary.Generations.Count == 0)
            return Html.Of($"""<p class="note">No generation is deployed yet.</p>""");
        GenerationSummary first = summary.Generations[0], last = summary.Generations[^1];
        (string Title, string Value, string Note)[] tiles =
        [
            ("pool solved", Invariant($"{first.Solved} → {last.Solved}"), Invariant($"of {last.Tasks} tasks")),
            ("held-out average@3", Invariant($"{100 * first.HeldOut.AverageAt3:0.0} → {100 * last.HeldOut.AverageAt3:0.0} %"), Invariant($"of {last.HeldOut.Tasks} tasks")),
            ("held-out greedy", Invariant($"{100 * first.HeldOut.Greedy:0.0} → {100 * last.HeldOut.Greedy:0.0} %"), "at temperature 0"),
            ("larger solved", Invariant($"{first.Larger.Solved} → {last.Larger.Solved}"), Invariant($"of {last.Larger.Tasks} tasks")),
            ("longest plan", Invariant($"{first.PlanLength.Max} → {last.PlanLength.Max}"), "steps, on the pool"),
        ];
        return Html.Of($"""
            <dl class="tiles" aria-label="{Invariant($"Generation {first.Generation} against generation {last.Generation}")}">
            {Html.Concat(tiles.Select(tile => Html.Of($"<div><dt>{tile.Title}</dt><dd>{tile.Value}<small>{tile.Note}</small></dd></div>\n")))}
            </dl>
            """);
    }

    /// <summary>A picture with its title, its words, its data as a table and as a file. The file needs no script.</summary>
    private static Html Figure(Chart chart) => Html.Of($"""
        <figure>
        <figcaption><h3>{chart.Title}</h3><p>{chart.Note}</p></figcaption>
        <div class="chart" id="{chart.Id}" role="img" aria-label="{chart.Alternative}"></div>
        <div class="files" id="{chart.Id}-files"><a download="{chart.Id}.csv" href="data:text/csv;charset=utf-8;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(chart.Table.ToCsv()))}">CSV</a>
        <details><summary>Table</summary>{Table(chart.Table)}</details></div>
        </figure>

        """);

    private static Html Table(ChartTable table) => Html.Of($"""
        <div class="scroll" tabindex="0"><table><thead><tr>{Html.Concat(table.Columns.Select(column => Html.Of($"<th scope=\"col\">{column}</th>")))}</tr></thead>
        <tbody>{Html.Concat(table.Rows.Select(row => Html.Of($"<tr>{Html.Concat(row.Select(cell => Html.Of($"<td>{ChartTable.Rounded(cell)}</td>")))}</tr>\n")))}</tbody></table></div>
        """);

    private static Html Generations(DomainSummary summary, DomainEvaluation evaluation)
    {
        var rows = summary.Generations.Zip(evaluation.Generations, (row, generation) => Html.Of(
            $"<tr><td>{row.Generation}</td><td>{row.Curated}</td><td>{generation.Record.Steps}</td><td><code>{row.Weights}</code></td><td><code>{generation.Record.BaseWeights}</code></td></tr>\n"));
        return Html.Of($"""
            <section class="card"><h3>Generations</h3>
            <div class="scroll" tabindex="0"><table><thead><tr><th scope="col">generation</th><th scope="col">trained on</th><th scope="col">steps</th><th scope="col">weights (SHA-256)</th><th scope="col">trained from</th></tr></thead>
            <tbody>{Html.Concat(rows)}</tbody></table></div></section>
            """);
    }

    private static Html Examples(DomainEvaluation evaluation)
    {
        IEnumerable<Html> traces =
            from generation in evaluation.Generations
            from trace in generation.Examples
            select Html.Of($"<details><summary>{Heading(trace)}</summary><pre>{trace.Text}</pre></details>\n");
        return Html.Of($"""
            <section class="card"><h3>Traces</h3><p class="lead">Of each generation the longest valid plan on the pool, and the first answer that is not valid.</p>
            {Html.Concat(traces)}</section>
            """);
    }

    private static string Heading(Trace trace) => trace.Outcome == Outcome.Valid
        ? Invariant($"Generation {trace.Id.Generation}, {trace.Id.Task}: valid, {trace.PlanSteps} steps")
        : Invariant($"Generation {trace.Id.Generation}, {trace.Id.Task}: {trace.Outcome}, {trace.Message}");
}
