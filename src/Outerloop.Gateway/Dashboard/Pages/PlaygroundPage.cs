using Outerloop.Gateway.Dashboard.Api;
using Outerloop.Gateway.Endpoints;
using Outerloop.Planning.Domains;
using Outerloop.Reporting;
using Outerloop.Tasks;

namespace Outerloop.Gateway.Dashboard.Pages;

/// <summary>Two models side by side; a script does the rest.</summary>
internal static class PlaygroundPage
{
    public static Html Body(IReadOnlyList<ShownSummary> runs)
    {
        IEnumerable<string> pools = from run in runs from domain in run.Domains from set in Enum.GetValues<TaskSet>().Select(DashboardJson.Code) select $"{run.Name}/{domain.Domain}/{set}";
        return Html.Of($"""
            <link rel="stylesheet" href="/assets/player.css">
            <noscript><p class="note">The playground needs scripts.</p></noscript>
            <form id="ask" class="playground">
            <div class="filters">
            {Parts.Select("Tasks", "tasks", null, pools, "my own")}
            {Parts.Field("Task", "number", "0", "number")}
            <button type="button" id="pick">Pick</button>
            <label>Temperature<input name="temperature" type="number" class="number" min="0" max="10" step="any" value="1" required></label>
            <label>Seed<input name="seed" type="number" class="number" min="0" max="9007199254740991" value="0" required></label>
            </div>
            <label>Task in PDDL, of one of {string.Join(", ", DomainCatalog.All.Select(domain => domain.Name))}<textarea name="problem" rows="10" spellcheck="false" required></textarea></label>
            <p class="actions"><button type="submit" class="primary">Ask both</button> <button type="button" id="stop" disabled>Stop</button></p>
            </form>
            <p id="trouble" class="note" role="alert" hidden></p>
            <div class="sides">{Side("left", "Left")}{Side("right", "Right")}</div>
            """);
    }

    private static Html Side(string id, string name) => Html.Of($"""
        <section class="side" id="{id}" aria-label="{name}">
        <label>Model<select name="model"></select></label>
        <p class="verdict" role="status"></p>
        <ol class="steps" aria-label="Steps that can be taken"></ol>
        <pre class="text answer" aria-label="Answer"></pre>
        <div class="judge" role="group" aria-label="What you make of the answer" hidden>
        <label>The answer that there should have been, in the same words, if you know one<textarea rows="2" maxlength="{FeedbackEndpoint.LongestCorrection}" spellcheck="false"></textarea></label>
        <button type="button" data-verdict="accept">Accept</button> <button type="button" data-verdict="reject">Reject</button> <span role="status"></span>
        </div>
        </section>
        """);
}
