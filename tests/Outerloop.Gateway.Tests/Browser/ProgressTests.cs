using Microsoft.Playwright;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Tests.Support;

namespace Outerloop.Gateway.Tests.Browser;

/// <summary>A run that others carry out, as its page tells it.</summary>
[Collection(DashboardBrowser.Collection)]
public sealed class ProgressTests(DashboardBrowser dashboard)
{
    private const string Path = $"/runs/{DashboardBrowser.Interrupted}";

    [BrowserFact]
    public async Task The_page_of_a_run_that_goes_on_follows_it_to_its_end()
    {
        await using WatchedPage watched = await dashboard.Open(Path);
        IPage page = watched.Page;
        ILocator bar = page.GetByRole(AriaRole.Progressbar, new() { Name = "blocksworld" });
        double done = await bar.EvaluateAsync<double>("bar => bar.value");
        Assert.InRange(done, 1, 1999);
        await page.EvaluateAsync(
            """
            const seen = globalThis.seen = new Set();
            new MutationObserver(() => seen.add(document.querySelector("#progress .domain").innerText)).observe(document.getElementById("progress"), { subtree: true, childList: true, attributes: true, characterData: true });
            """);

        await SmallRun.Resume(dashboard.PathOf(DashboardBrowser.Interrupted));

        await page.GetByText("The run is finished.").WaitForAsync();
        string[] told = await page.EvaluateAsync<string[]>("[...seen]");
        Assert.Contains(told, text => text.Contains("/s", StringComparison.Ordinal));
        Assert.Contains(told, text => text.Contains("generation 1 of 1", StringComparison.Ordinal));
        await page.GetByRole(AriaRole.Link, new() { Name = "Show its last figures" }).ClickAsync();
        while (await page.Locator("#blocksworld-generations tbody tr").CountAsync() < 2) // slow figures are computed behind
            await page.ReloadAsync();
        watched.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_page_whose_connection_is_refused_asks_again()
    {
        await using WatchedPage watched = await dashboard.Open("/compare");
        IPage page = watched.Page;
        int asked = 0;
        await page.RouteAsync("**/api/v1/runs/*/progress", route =>
            Interlocked.Increment(ref asked) == 1 ? route.FulfillAsync(new RouteFulfillOptions { Status = 429 }) : route.ContinueAsync());
        await page.GotoAsync($"/runs/{DashboardBrowser.Run}");

        await page.GetByText("The connection is lost").WaitForAsync();
        await page.GetByText("The run is finished.").WaitForAsync();
        Assert.Equal(2, asked);
    }
}
