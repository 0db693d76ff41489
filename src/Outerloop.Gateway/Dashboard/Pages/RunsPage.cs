using Outerloop.Gateway.Dashboard.Api;
using Outerloop.Reporting;
using static System.FormattableString;

namespace Outerloop.Gateway.Dashboard.Pages;

/// <summary>All runs, a line for each of their domains.</summary>
internal static class RunsPage
{
    public static Html Body(IReadOnlyList<ShownSummary> runs) => runs.Count == 0
        ? Html.Of($"<p class=\"note\">There is no run here yet. <code>outerloop run</code> makes one.</p>")
        : Parts.Table(
            "Runs", ["run", "domain", "generation", "tasks", "solved by generation 0", "by the latest"],
            runs.SelectMany(run => run.Problem is { } problem
                ? [[Parts.Text(run.Name), Parts.Text(problem), default, default, default, default]]
                : run.Domains.Select(domain => Row(run.Name, domain))), "runs");

    private static Html[] Row(string run, ShownDomain domain) =>
    [
        Parts.Link($"/runs/{Uri.EscapeDataString(run)}", run), Parts.Text(domain.Domain), Parts.Text(domain.Generation is { } latest ? Invariant($"{latest} of {domain.Wanted}") : "none yet"),
        Parts.Number(domain.Tasks), Share(domain.First, domain.Tasks), Share(domain.Last, domain.Tasks),
    ];

    private static Html Share(int solved, int tasks) => Parts.Text(tasks == 0 ? "" : Parts.Share((double)solved / tasks));
}
