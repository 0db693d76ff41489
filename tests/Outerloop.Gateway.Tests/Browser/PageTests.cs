using Microsoft.Playwright;
using Outerloop.Tests.Support;

namespace Outerloop.Gateway.Tests.Browser;

[Collection(DashboardBrowser.Collection)]
public sealed class PageTests(DashboardBrowser dashboard)
{
    [BrowserFact]
    public async Task What_a_model_wrote_is_shown_and_does_nothing()
    {
        await using WatchedPage watched = await dashboard.Open($"/runs/{DashboardBrowser.Run}/traces?mode=extra");
        ILocator answer = watched.Page.Locator("#traces .answer");
        Assert.Contains("<script>", await answer.TextContentAsync());
        Assert.Contains("␛[31mred", await answer.TextContentAsync());
    }
}
