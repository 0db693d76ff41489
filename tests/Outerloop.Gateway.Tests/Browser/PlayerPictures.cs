using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Outerloop.Gateway.Tests.Browser;

/// <summary>The player and the playground, for people to look at; the documents' picture is one of these.</summary>
[Collection(DashboardBrowser.Collection)]
public sealed class PlayerPictures(DashboardBrowser dashboard, PlayedRun run) : IClassFixture<PlayedRun>
{
    /// <summary>As <c>player-rovers-light.png</c>, two thirds through a plan.</summary>
    [ScreenshotFact]
    public async Task A_plan_of_each_domain_in_both_themes()
    {
        foreach (string domain in PlayedRun.Domains)
        {
            int steps = ((JsonArray)(await run.StatesOf(domain, broken: false))["steps"]!).Count;
            foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await using WatchedPage watched = await dashboard.Open($"{run.PageOf(domain, broken: false)}#step={2 * steps / 3}", scheme: scheme);
                await Drawn.On(watched.Page);
                await Take(watched.Page, $"player-{domain}", scheme, fullPage: false);
            }
        }
    }

    [ScreenshotFact]
    public async Task The_playground_in_both_themes()
    {
        foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await using WatchedPage watched = await dashboard.Open($"{run.Url}playground?task={PlayedRun.Run}/blocksworld/heldOut/0&temperature=1", scheme: scheme);
            await watched.Page.Locator("#left option").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
            await Assertions.Expect(watched.Page.Locator("[name=problem]")).Not.ToHaveValueAsync("");
            await watched.Page.GetByRole(AriaRole.Button, new() { Name = "Ask both" }).ClickAsync();
            await Assertions.Expect(watched.Page.Locator("#left .judge")).ToBeVisibleAsync(new() { Timeout = 60_000 });
            await Assertions.Expect(watched.Page.Locator("#right .judge")).ToBeVisibleAsync();
            await Take(watched.Page, "playground-answers", scheme, fullPage: true);
        }
    }

    private static Task Take(IPage page, string name, ColorScheme scheme, bool fullPage) => page.ScreenshotAsync(new()
    {
        Path = Path.Combine(ScreenshotFactAttribute.Folder!, $"{name}-{scheme.ToString().ToLowerInvariant()}.png"),
        FullPage = fullPage,
    });
}
