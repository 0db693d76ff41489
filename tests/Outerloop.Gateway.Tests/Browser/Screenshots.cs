using Microsoft.Playwright;

namespace Outerloop.Gateway.Tests.Browser;

[Collection(DashboardBrowser.Collection)]
public sealed class Screenshots(DashboardBrowser dashboard)
{
    /// <summary>As <c>overview-1280-dark.png</c>; and <c>dashboard.png</c>, what a reader sees first.</summary>
    [ScreenshotFact]
    public async Task Every_page_at_two_widths_in_both_themes()
    {
        await Take("dashboard", DashboardPages.All["overview"], 1280, ColorScheme.Light, whole: false);
        foreach ((string name, string path) in DashboardPages.All)
        {
            foreach (int width in (int[])[390, 1280])
            {
                foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
                    await Take($"{name}-{width}-{scheme.ToString().ToLowerInvariant()}", path, width, scheme);
            }
        }
    }

    private async Task Take(string name, string path, int width, ColorScheme scheme, bool whole = true)
    {
        await using WatchedPage watched = await dashboard.Open(path, width, scheme);
        await watched.Settled();
        await watched.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(ScreenshotFactAttribute.Folder!, $"{name}.png"), FullPage = whole });
    }
}
