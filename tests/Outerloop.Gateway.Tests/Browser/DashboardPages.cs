namespace Outerloop.Gateway.Tests.Browser;

/// <summary>Every page of the dashboard, by a name and its address.</summary>
internal static class DashboardPages
{
    private const string Run = $"/runs/{DashboardBrowser.Run}", Trace = $"{Run}/traces/blocksworld/g0/pool/1/sampled/0";

    /// <summary>The one that says why there is no other.</summary>
    public const string Refusal = "refusal";

    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["runs"] = "/",
        ["overview"] = Run,
        ["charts"] = $"{Run}/charts?domain=sokoban",
        ["generation"] = $"{Run}/generations/blocksworld/2",
        ["traces"] = $"{Run}/traces?domain=blocksworld&generation=1",
        ["trace"] = Trace,
        ["hostile"] = $"{Run}/traces/{DashboardBrowser.Hostile}",
        ["curation"] = $"{Run}/curation?curator=everything",
        ["lineage"] = $"{Run}/lineage?domain=blocksworld",
        ["health"] = $"{Run}/health",
        ["compare"] = $"/compare?first={DashboardBrowser.Run}/blocksworld/0&second={DashboardBrowser.Run}/blocksworld/3",
        ["playground"] = "/playground",
        [Refusal] = "/runs/none",
    };

    /// <summary>Those that have tables.</summary>
    public static IEnumerable<KeyValuePair<string, string>> WithTables => All.Where(page => page.Key is not ("trace" or "hostile" or "playground" or Refusal));
}
