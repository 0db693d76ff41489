using Microsoft.Playwright;
using Outerloop.Evaluation;
using Outerloop.Reporting;
using Outerloop.Tests.Support;

namespace Outerloop.Tests.Reporting;

public sealed class ReportBrowserTests : IDisposable
{
    private const string Marks = "svg .mark-line path, svg .mark-rect path, svg .mark-symbol path";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BrowserFact]
    public async Task A_report_opens_from_disk_in_both_themes_and_every_chart_has_marks()
    {
        await ScriptedRun.Execute(_folder.File("run"), policies: new ScriptedPolicies { Wrong = "<script>alert(1)</script>" });
        await RunReport.Write(_folder.File("run"), _folder.File("report.html"), domain => new ScriptedPolicies().FormatOf("", domain), new Progress<PlannerProgress>(), default);
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = BrowserFactAttribute.Chromium, Args = ["--no-sandbox"] });
        foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            await Look(browser, scheme);
    }

    private async Task Look(IBrowser browser, ColorScheme scheme)
    {
        IPage page = await browser.NewPageAsync(new BrowserNewPageOptions { ColorScheme = scheme, ViewportSize = new ViewportSize { Width = 1280, Height = 900 } });
        List<string> complaints = [], requests = [];
        page.Console += (_, message) => complaints.AddRange(message.Type is "error" or "warning" ? [message.Text] : []);
        page.PageError += (_, problem) => complaints.Add(problem);
        page.Request += (_, request) => requests.Add(request.Url);
        await page.GotoAsync(new Uri(_folder.File("report.html")).AbsoluteUri);
        await page.WaitForSelectorAsync("html.drawn");

        int charts = await page.Locator(".chart").CountAsync();
        Assert.Equal(19, charts);
        for (int i = 0; i < charts; i++)
        {
            ILocator chart = page.Locator(".chart").Nth(i);
            Assert.True(await chart.Locator(Marks).CountAsync() > 0, $"no marks in {await chart.GetAttributeAsync("id")}");
        }

        IDownload file = await page.RunAndWaitForDownloadAsync(() => page.Locator("#blocksworld-solved-files button").ClickAsync());
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(await file.PathAsync()));
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"));
        Assert.Empty(complaints);
        Assert.DoesNotContain(requests, request => !request.StartsWith("file:", StringComparison.Ordinal) && !request.StartsWith("blob:", StringComparison.Ordinal));
        await page.CloseAsync();
    }
}
