using System.Text;
using Microsoft.Playwright;
using Outerloop.Tests.Support;

namespace Outerloop.Gateway.Tests.Browser;

/// <summary>What readers do with pages: keys, addresses, themes, files.</summary>
[Collection(DashboardBrowser.Collection)]
public sealed class ReadingTests(DashboardBrowser dashboard)
{
    private const string Traces = $"/runs/{DashboardBrowser.Run}/traces";

    [BrowserFact]
    public async Task All_that_can_be_used_is_reached_by_the_tab_key_and_shows_it()
    {
        await using WatchedPage watched = await dashboard.Open($"{Traces}?outcome=valid");
        IPage page = watched.Page;
        int controls = await page.EvaluateAsync<int>("[...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex=\"0\"]')].filter(one => one.checkVisibility()).length");
        var reached = new HashSet<int>();
        for (int i = 0; i < controls; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            reached.Add(await page.EvaluateAsync<int>("[...document.querySelectorAll('*')].indexOf(document.activeElement)"));
            Assert.NotEqual("none", await page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        }

        Assert.Equal(controls, reached.Count);
    }

    [BrowserFact]
    public async Task The_first_key_offers_to_skip_to_the_content()
    {
        await using WatchedPage watched = await dashboard.Open(Traces);
        IPage page = watched.Page;
        await page.Keyboard.PressAsync("Tab");
        Assert.True((await page.Locator(".skip:focus").BoundingBoxAsync())!.Y >= 0);
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("domain", await page.EvaluateAsync<string>("document.activeElement.name"));
    }

    [BrowserFact]
    public async Task What_is_shown_is_in_the_address()
    {
        await using WatchedPage watched = await dashboard.Open(Traces);
        IPage page = watched.Page;
        await page.GetByLabel("Outcome").SelectOptionAsync("valid");
        await page.GetByLabel("Generation").FillAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await page.WaitForURLAsync("**/traces?**");

        Assert.Equal("?generation=2&outcome=valid", new Uri(page.Url).Query);
        await page.ReloadAsync();
        Assert.Equal(("valid", "2"), (await page.GetByLabel("Outcome").InputValueAsync(), await page.GetByLabel("Generation").InputValueAsync()));
        Assert.Equal(["valid"], (await page.Locator("#traces .outcome").AllTextContentsAsync()).Distinct());
        Assert.All(await page.Locator("#traces tbody th").AllTextContentsAsync(), id => Assert.Contains("/g2/", id, StringComparison.Ordinal));
        await page.GoBackAsync();
        Assert.Equal("", new Uri(page.Url).Query);
        await page.GoForwardAsync();
        Assert.Equal("2", await page.GetByLabel("Generation").InputValueAsync());
    }

    [BrowserFact]
    public async Task The_chosen_theme_stays_and_charts_are_drawn_again_in_it()
    {
        await using WatchedPage watched = await dashboard.Open(DashboardPages.All["lineage"]);
        IPage page = watched.Page;
        await page.WaitForSelectorAsync("html[data-charts=light]");
        string light = await page.Locator(".chart").First.InnerHTMLAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Dark theme" }).ClickAsync();
        await page.WaitForSelectorAsync("html[data-charts=dark]");

        Assert.NotEqual(light, await page.Locator(".chart").First.InnerHTMLAsync());
        Assert.Equal(1, await page.Locator(".chart svg").CountAsync());
        await page.ReloadAsync();
        Assert.Equal("rgb(11, 18, 32)", await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.Empty(await watched.Check("faint"));
        watched.AssertQuiet();
    }

    [BrowserFact]
    public async Task Charts_and_tables_can_be_had_as_files()
    {
        await using WatchedPage watched = await dashboard.Open($"/runs/{DashboardBrowser.Run}");
        await watched.Settled();
        ILocator figure = watched.Page.Locator("figure").First;

        Assert.StartsWith("<svg", Encoding.UTF8.GetString(await Save(watched.Page, figure.GetByRole(AriaRole.Button, new() { Name = "SVG" }), "blocksworld-solved.svg")));
        Assert.Equal([0x89, .. "PNG"u8], (await Save(watched.Page, figure.GetByRole(AriaRole.Button, new() { Name = "PNG" }), "blocksworld-solved.png"))[..4]);
        Assert.StartsWith("generation,series,share,", Encoding.UTF8.GetString(await Save(watched.Page, figure.GetByRole(AriaRole.Link, new() { Name = "CSV" }), "blocksworld-solved.csv")));
        string[] lines = Encoding.UTF8.GetString(await Save(watched.Page, watched.Page.GetByRole(AriaRole.Button, new() { Name = "CSV of the table Generations, blocksworld" }), "blocksworld-generations.csv")).Split("\r\n");
        Assert.StartsWith("generation,pool solved,", lines[0], StringComparison.Ordinal);
        Assert.Equal(1 + 4 + 1, lines.Length);
        watched.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_formula_in_an_answer_is_text_in_a_file()
    {
        await using WatchedPage watched = await dashboard.Open($"{Traces}?mode=extra");
        string file = Encoding.UTF8.GetString(await Save(watched.Page, watched.Page.Locator(".under button"), "traces.csv"));
        Assert.Contains(",\"'=1+1<script>", file, StringComparison.Ordinal);
    }

    private static async Task<byte[]> Save(IPage page, ILocator control, string name)
    {
        IDownload file = await page.RunAndWaitForDownloadAsync(() => control.ClickAsync());
        Assert.Equal(name, file.SuggestedFilename);
        return await File.ReadAllBytesAsync(await file.PathAsync());
    }
}
