using Microsoft.Playwright;
using Outerloop.Gateway.Dashboard;
using Outerloop.Tests.Support;

namespace Outerloop.Gateway.Tests.Browser;

/// <summary>What holds of every page.</summary>
[Collection(DashboardBrowser.Collection)]
public sealed class PageTests(DashboardBrowser dashboard)
{
    [BrowserFact]
    public Task Every_page_is_whole_on_a_wide_light_screen() => EveryPage(1280, ColorScheme.Light);

    [BrowserFact]
    public Task Every_page_is_whole_on_a_narrow_dark_screen() => EveryPage(390, ColorScheme.Dark);

    [BrowserFact]
    public async Task Every_page_has_its_tables_without_scripts()
    {
        foreach ((string name, string path) in DashboardPages.WithTables)
        {
            await using WatchedPage watched = await dashboard.Open(path, scripts: false);
            Assert.True(await watched.Page.Locator("main table").First.IsVisibleAsync() || await watched.Page.Locator("main summary").First.IsVisibleAsync(), name);
            Assert.True(await watched.Page.Locator("main table tbody tr").CountAsync() > 0, name);
            foreach (ILocator table in await watched.Page.Locator("figure summary").AllAsync())
                await table.ClickAsync();
            foreach (ILocator table in await watched.Page.Locator("main table").AllAsync())
                Assert.True(await table.IsVisibleAsync(), name);
            watched.AssertQuiet();
        }
    }

    [BrowserFact]
    public async Task The_policy_holds_and_a_breach_of_it_is_seen()
    {
        await using WatchedPage watched = await dashboard.Open("/compare");
        await watched.Page.EvaluateAsync("document.body.append(Object.assign(document.createElement('script'), { textContent: 'document.title = \"harmed\"' }))");

        Assert.DoesNotContain("harmed", await watched.Page.TitleAsync(), StringComparison.Ordinal);
        Assert.Contains(watched.Complaints, complaint => complaint.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    [BrowserFact]
    public async Task What_a_model_wrote_is_shown_and_does_nothing()
    {
        foreach (string path in (string[])["hostile", "list"])
        {
            await using WatchedPage watched = await dashboard.Open(path == "list" ? $"/runs/{DashboardBrowser.Run}/traces?mode=extra" : DashboardPages.All[path]);
            string shown = await watched.Page.Locator("main").InnerTextAsync();

            Assert.Contains("<script>document.title", shown, StringComparison.Ordinal);
            Assert.Contains("␛[31mred␛[0m␇ \ufffddlo", shown, StringComparison.Ordinal);
            Assert.Equal(0, await watched.Page.Locator("main script, main img").CountAsync());
            Assert.DoesNotContain("harmed", await watched.Page.TitleAsync(), StringComparison.Ordinal);
        }
    }

    private async Task EveryPage(int width, ColorScheme scheme)
    {
        foreach ((string name, string path) in DashboardPages.All)
        {
            await using WatchedPage watched = await dashboard.Open(path, width, scheme);
            await watched.Settled();

            Assert.Equal(PageSecurity.Policy, watched.Headers["content-security-policy"]);
            Assert.Equal(1, await watched.Page.Locator("h1").CountAsync());
            foreach (string check in (string[])["unnamed", "faint", "wide", "unmarked", "duplicates"])
                Assert.True(await watched.Check(check) is [], $"{name}: {check}: {string.Join("\n", await watched.Check(check))}");
            Assert.Equal(DashboardPages.WithTables.Any(page => page.Key == name), await watched.Page.Locator("main table tbody tr").CountAsync() > 0);
            if (name != DashboardPages.Refusal)
                Assert.True(watched.Complaints is [], $"{name}: {string.Join("\n", watched.Complaints)}");
        }
    }
}
