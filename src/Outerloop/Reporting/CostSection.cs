using Outerloop.Runs;
using static System.FormattableString;

namespace Outerloop.Reporting;

/// <summary>What a domain's generations cost, by phase, and what was sent again or given up.</summary>
internal static class CostSection
{
    private static readonly (string Title, Func<PhaseCost, string> Amount)[] Columns =
    [
        ("requests", cost => Invariant($"{cost.Requests:#,0}")),
        ("sent again", cost => Invariant($"{cost.Retries:#,0}")),
        ("given up", cost => Invariant($"{cost.Failures:#,0}")),
        ("tokens read", cost => Invariant($"{cost.PromptTokens:#,0}")),
        ("written", cost => Invariant($"{cost.AnswerTokens:#,0}")),
        ("trained", cost => Invariant($"{cost.TrainedTokens:#,0}")),
        ("server seconds", cost => Invariant($"{cost.ServerSeconds:#,0.0}")),
        ("CPU seconds", cost => Invariant($"{cost.CpuSeconds:#,0.0}")),
    ];

    public static Html Of(DomainSummary summary)
    {
        if (summary.Costs.Count == 0)
            return default;
        var rows = summary.Costs.Select(cost => Row(Invariant($"{cost.Generation}"), cost.Phase, cost)).Append(Row("all", "", PhaseCost.Total(summary.Costs)));
        return Html.Of($"""
            <section class="card" id="{summary.Domain}-costs"><h3>Costs</h3>
            <p class="lead">Over all attempts. Server seconds lie between question and answer, summed over requests; CPU seconds are this program's. An answer that was given up because the machinery failed was tried again as a whole.</p>
            <div class="scroll" tabindex="0"><table><thead><tr><th scope="col">generation</th><th scope="col">phase</th>{Html.Concat(Columns.Select(column => Html.Of($"<th scope=\"col\">{column.Title}</th>")))}</tr></thead>
            <tbody>{Html.Concat(rows)}</tbody></table></div>
            {Excluded(summary)}
            </section>
            """);
    }

    /// <summary>Of the traces on the pool, those that enter no figure.</summary>
    private static Html Excluded(DomainSummary summary)
    {
        GenerationSummary[] without = [.. summary.Generations.Where(row => row.Outcomes.ModelFailed + row.Outcomes.VerifierFailed > 0)];
        if (without.Length == 0)
            return Html.Of($"<p>No answer on the pool is left out of the figures.</p>");
        var rows = without.Select(row => Html.Of($"<tr><td>{row.Generation}</td><td>{row.Outcomes.ModelFailed}</td><td>{row.Outcomes.VerifierFailed}</td></tr>\n"));
        return Html.Of($"""
            <p>Answers on the pool that machinery failed to give or to judge. They enter no other figure; <code>run --resume</code> tries them again.</p>
            <div class="scroll" tabindex="0"><table><thead><tr><th scope="col">generation</th><th scope="col">model failed</th><th scope="col">verifier failed</th></tr></thead>
            <tbody>{Html.Concat(rows)}</tbody></table></div>
            """);
    }

    private static Html Row(string generation, string phase, PhaseCost cost) =>
        Html.Of($"<tr><td>{generation}</td><td>{phase}</td>{Html.Concat(Columns.Select(column => Html.Of($"<td>{column.Amount(cost)}</td>")))}</tr>\n");
}
