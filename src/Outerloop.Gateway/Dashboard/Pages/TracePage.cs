using Outerloop.Gateway.Dashboard.Api;
using Outerloop.Reporting;
using static System.FormattableString;

namespace Outerloop.Gateway.Dashboard.Pages;

/// <summary>One trace: prompt, reasoning, plan, verdict, and a player that steps through the plan.</summary>
internal static class TracePage
{
    public static Html Body(ShownRun run, TraceView trace)
    {
        TraceLine line = trace.Summary;
        return Html.Of($"""
            <p class="verdict {line.Outcome}"><strong>{line.Outcome}</strong> {Parts.Visible(trace.Message ?? (line.Outcome == "valid" ? Invariant($"the plan of {line.PlanSteps} steps reaches the goal") : ""))}</p>
            {Player(run, line)}
            <dl class="facts">
            <div><dt>written by</dt><dd>{Parts.Link(Invariant($"{run.Page}/generations/{line.Domain}/{line.Generation}"), Invariant($"generation {line.Generation}"))} <code>{trace.Weights}</code></dd></div>
            <div><dt>trained on it</dt><dd>{(trace.LearntBy.Count == 0 ? Parts.Text("no generation") : Html.Concat(trace.LearntBy.Select(number => Html.Of($"{Parts.Link(Invariant($"{run.Page}/generations/{line.Domain}/{number}"), Invariant($"generation {number}"))} "))))}</dd></div>
            <div><dt>the loop was told</dt><dd>{(line.Accepted ? "valid" : "not valid")}</dd></div>
            <div><dt>part of the goal reached</dt><dd>{Parts.Share(trace.GoalShare)}</dd></div>
            <div><dt>tokens</dt><dd>{Invariant($"{trace.PromptTokens} of the prompt, {line.AnswerTokens} of the answer, {trace.ReasoningTokens} of these before the plan")}</dd></div>
            <div><dt>log-probability</dt><dd>{(trace.LogProbs.Count == 0 ? "not known" : Invariant($"{trace.LogProbs.Sum(value => (double)value):0.000} in all, {trace.LogProbs.Min():0.000} of the least probable token"))}</dd></div>
            </dl>
            <h2>Answer</h2>
            <pre class="text">{Parts.Visible(trace.Answer)}</pre>
            <details><summary>Prompt</summary><pre class="text">{Parts.Visible(trace.Prompt ?? "not known")}</pre></details>
            <details><summary>Task in PDDL</summary><pre class="text">{Parts.Visible(trace.Problem ?? "not in the store")}</pre></details>
            <p class="links">{Parts.Link(Invariant($"{run.Page}/traces?domain={line.Domain}&set={line.Set}&number={line.Number}"), "All answers to this task")}
            {Parts.Link(Invariant($"/playground?task={Uri.EscapeDataString(run.Name)}/{line.Domain}/{line.Set}/{line.Number}"), "This task in the playground")}
            {Parts.Link($"{run.Api}/traces/{line.Id}", "JSON with all tokens")}</p>
            """);
    }

    private static Html Player(ShownRun run, TraceLine trace) => Html.Of($"""
        <link rel="stylesheet" href="/assets/player.css">
        <section id="player" class="player" aria-label="Player of the plan" data-source="{run.Api}/traces/{trace.Id}/states">
        <noscript><p class="note">The player needs scripts; the answer and the verdict are below.</p></noscript>
        </section>
        """);
}
