using Outerloop.Gateway.Dashboard.Api;
using Outerloop.Reporting;
using static System.FormattableString;

namespace Outerloop.Gateway.Dashboard.Pages;

/// <summary>Outcomes, retries, stalls, and errors that nobody explained.</summary>
internal static class HealthPage
{
    public static Html Body(ShownRun run, HealthView health, DateTimeOffset now, IReadOnlyList<Chart> charts) => Html.Of($"""
        {Parts.Tiles("Work now",
        [
            ("last change", health.LastChange is { } at ? Ago(now.UtcDateTime - at) : "not known", "of the run's files"),
            ("owed to workers", Invariant($"{health.Owed.Answers:N0}"), Invariant($"{health.Owed.Leased:N0} under a lease")),
            ("stalled", Invariant($"{health.Owed.Expired:N0}"), "answers whose worker gave no word in time"),
            ("unexplained", Invariant($"{health.Domains.Sum(domain => domain.Failures.Sum(failure => failure.Traces)):N0}"), "failures of the machinery, not mended"),
        ])}
        {Html.Concat(health.Domains.Select(domain => Domain(run, domain, charts.Where(chart => chart.Id == $"{domain.Domain}-outcomes"))))}
        """);

    private static Html Domain(ShownRun run, DomainHealth health, IEnumerable<Chart> charts) => Html.Of($"""
        <section aria-label="{health.Domain}"><h2>{health.Domain}</h2>
        {Failures(run, health)}
        {Parts.Figures(run, charts)}
        {Outcomes(run, health)}
        {Costs(health)}
        </section>
        """);

    private static Html Failures(ShownRun run, DomainHealth health) => health.Failures.Count == 0 ? default : Parts.Table(
        $"Failures of the machinery that no later attempt mended, {health.Domain}", ["generation", "outcome", "traces", "what it said"],
        health.Failures.Select(failure => (Html[])
        [
            Parts.Number(failure.Generation), Parts.Text(failure.Outcome),
            Parts.Link(Invariant($"{run.Page}/traces?domain={health.Domain}&generation={failure.Generation}&outcome={failure.Outcome}"), Invariant($"{failure.Traces:N0}")), Parts.Text(failure.Message),
        ]),
        $"{health.Domain}-failures");

    /// <summary>Over all sets of tasks and modes: a column for each generation.</summary>
    private static Html Outcomes(ShownRun run, DomainHealth health)
    {
        long[] generations = [.. health.Outcomes.Select(count => count.Generation).Distinct().Order()];
        var ends = health.Outcomes.GroupBy(count => (count.Outcome, count.Reason)).OrderByDescending(end => end.Sum(count => count.Traces));
        return Parts.Table(
            $"How traces ended, {health.Domain}", ["outcome", "reason", .. generations.Select(generation => Invariant($"generation {generation}"))],
            ends.Select(end => (Html[])
            [
                Parts.Text(end.Key.Outcome), Parts.Text(end.Key.Reason),
                .. generations.Select(generation => end.Where(count => count.Generation == generation).Sum(count => count.Traces) is var traces and > 0
                    ? Parts.Link(Address(run, health.Domain, (generation, end.Key.Outcome, end.Key.Reason)), Invariant($"{traces:N0}"))
                    : Parts.Text("0")),
            ]),
            $"{health.Domain}-outcomes-table");
    }

    private static string Address(ShownRun run, string domain, (long Generation, string Outcome, string? Reason) of) => Invariant(
        $"{run.Page}/traces?domain={domain}&generation={of.Generation}&outcome={of.Outcome}{(of.Reason is null ? "" : $"&reason={Uri.EscapeDataString(of.Reason)}")}");

    private static Html Costs(DomainHealth health) => health.Costs.Count == 0 ? default : Parts.Table(
        $"What each phase took, {health.Domain}", ["phase", "requests", "retries", "failures", "tokens written", "tokens trained", "CPU seconds"],
        health.Costs.Select(cost => (Html[])
        [
            Parts.Text(Invariant($"{cost.Generation}, {cost.Phase}")), Parts.Number(cost.Requests), Parts.Number(cost.Retries), Parts.Number(cost.Failures), Parts.Number(cost.AnswerTokens),
            Parts.Number(cost.TrainedTokens), Parts.Text(Invariant($"{cost.CpuSeconds:0.0}")),
        ]),
        $"{health.Domain}-costs");

    private static string Ago(TimeSpan time) => time.TotalSeconds < 90 ? Invariant($"{Math.Max(0, time.TotalSeconds):0} s ago")
        : time.TotalMinutes < 90 ? Invariant($"{time.TotalMinutes:0} min ago")
        : time.TotalHours < 48 ? Invariant($"{time.TotalHours:0} h ago")
        : Invariant($"{time.TotalDays:0} days ago");
}
