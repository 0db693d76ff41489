namespace Outerloop.Gateway.Tests.Browser;

/// <summary>Every page of the dashboard, by a name and its address.</summary>
internal static class DashboardPages
{
    private const string Run = $"/runs/{DashboardBrowser.Run}", Trace = $"{Run}/traces/blocksworld/g0/pool/1/sampled/0";

    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["runs"] = "/",
        ["overview"] = Run,
        ["charts"] = $"{Run}/charts?domain=sokoban",
        ["generation"] = $"{Run}/generations/blocksworld/2",
        ["traces"] = $"{Run}/traces?domain=blocksworld&generation=1",
        ["trace"] = Trace,
        ["hostile"] = $"{Run}/traces/{DashboardBrowser.Hostile}",
        ["curation"] = $"{Run}/curation?curator=longest",
        ["lineage"] = $"{Run}/lineage?domain=blocksworld",
        ["health"] = $"{Run}/health",
        ["compare"] = $"/compare?first={DashboardBrowser.Run}/blocksworld/0&second={DashboardBrowser.Run}/blocksworld/3",
        ["playground"] = "/playground",
        ["refusal"] = "/runs/none",
    };
}
