using System.Globalization;
using Microsoft.Playwright;

namespace Outerloop.Gateway.Tests.Browser;

/// <summary>The player on a page: what is drawn where.</summary>
internal sealed class Drawn(IPage page)
{
    private readonly ILocator _stage = page.Locator("#player .stage");

    /// <summary>Waits until there is a picture.</summary>
    public static async Task<Drawn> On(IPage page)
    {
        var drawn = new Drawn(page);
        await page.Locator("#player .stage svg.picture").WaitForAsync();
        return drawn;
    }

    public Task Press(string key) => _stage.PressAsync(key);

    public async Task<int> Step() => int.Parse((await page.Locator("#player").GetAttributeAsync("data-step"))!, CultureInfo.InvariantCulture);

    /// <summary>What those are told who do not see it.</summary>
    public async Task<string> Words() => (await page.Locator("#player .stage svg.picture").GetAttributeAsync("aria-label"))!;

    /// <summary>The first shape of a part.</summary>
    public async Task<LocatorBoundingBoxResult> Box(string part) => (await page.Locator($"#player .stage [data-part='{part}'] > :is(rect, circle)").First.BoundingBoxAsync())!;

    /// <summary>In whole pixels.</summary>
    public async Task<(double X, double Y)> Middle(string part)
    {
        LocatorBoundingBoxResult box = await Box(part);
        return (Math.Round(box.X + (box.Width / 2)), Math.Round(box.Y + (box.Height / 2)));
    }
}
