using Outerloop.Gateway.Dashboard.Api;
using Outerloop.Reporting;
using static System.FormattableString;

namespace Outerloop.Gateway.Dashboard.Pages;

/// <summary>Outcomes, retries, stalls, and errors that nobody explained.</summary>
internal static class HealthPage
{
    public static Html Body(ShownRun run, HealthView health, DateTimeOffset now, Html charts) => Html.Of($"""
        {Parts.Tiles("Work now",
        [
            ("last change", health.LastChange is { } at ? Ago(now.UtcDateTime - at) : "not known", "of the run's files"),
            ("owed to workers", Invariant($"{health.Owed.Answers:N0}"), Invariant($"{health.Owed.Leased:N0} under a lease")),
            ("stalled", Invariant($"{health.Owed.Expired:N0}"), "answers whose worker gave no word in time"),
            ("unexplained", Invariant($"{health.Domains.Sum(domain => domain.Failures.Sum(failure => failure.Traces)):N0}"), "failures of the machinery, not mended"),
        ])}
        {Html.Concat(health.Domains.Select(domain => Failures(run, domain)))}
        {charts}
        {Html.Concat(health.Domains.Select(domain => Outcomes(run, domain)))}
        {Html.Concat(health.Domains.Select(Costs))}
        """);

    private static Html Failures(ShownRun run, DomainHealth health) => health.Failures.Count == 0 ? default : Parts.Table(
        $"Failures of the machinery that no later attempt mended, {health.Domain}", ["generation", "outcome", "traces", "what it said"],
        health.Failures.Select(failure => (Html[])
        [
            Parts.Number(failure.Generation), Parts.Text(failure.Outcome),
            Parts.Link(Invariant($"/runs/{run.Name}/traces?domain={health.Domain}&generation={failure.Generation}&outcome={failure.Outcome}"), Invariant($"{failure.Traces:N0}")), Parts.Text(failure.Message),
        ]),
        $"{health.Domain}-failures");

    /// <summary>Over all sets of tasks and modes.</summary>
    private static Html Outcomes(ShownRun run, DomainHealth health) => Parts.Table(
        $"How traces ended, {health.Domain}", ["generation", "outcome", "reason", "traces"],
        health.Outcomes.GroupBy(count => (count.Generation, count.Outcome, count.Reason)).OrderBy(group => group.Key.Generation).ThenByDescending(group => group.Sum(count => count.Traces))
            .Select(group => (Html[])
            [
                Parts.Number(group.Key.Generation), Parts.Text(group.Key.Outcome), Parts.Text(group.Key.Reason),
                Parts.Link(Address(run, health.Domain, group.Key), Invariant($"{group.Sum(count => count.Traces):N0}")),
            ]),
        $"{health.Domain}-outcomes-table");

    private static string Address(ShownRun run, string domain, (long Generation, string Outcome, string? Reason) of) => Invariant(
        $"/runs/{run.Name}/traces?domain={domain}&generation={of.Generation}&outcome={of.Outcome}{(of.Reason is null ? "" : $"&reason={Uri.EscapeDataString(of.Reason)}")}");

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
