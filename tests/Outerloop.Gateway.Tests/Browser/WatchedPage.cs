using Microsoft.Playwright;

namespace Outerloop.Gateway.Tests.Browser;

/// <summary>A tab, and what went wrong in it: errors and warnings of the console (refusals by the policy among them), exceptions, answers that are refusals, requests to others.</summary>
internal sealed class WatchedPage : IAsyncDisposable
{
    private readonly List<string> _complaints = [];
    private bool _checks;

    public WatchedPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) => Add(message.Type is "error" or "warning" ? $"{message.Type}: {message.Text} ({message.Location})" : null);
        page.PageError += (_, problem) => Add($"exception: {problem}");
        page.Response += (_, response) => Add(response.Status >= 400 ? $"{response.Status}: {response.Url}" : null);
        page.Request += (_, request) => Add(IsOwn(request.Url) ? null : $"asked for: {request.Url}");
    }

    public IPage Page { get; }

    public async Task Open(string path) => Headers = (await Page.GotoAsync(path))!.Headers;

    /// <summary>Everything that its scripts draw at once is there.</summary>
    public async Task Settled()
    {
        if (await Page.Locator(".chart").CountAsync() > 0)
            await Page.WaitForSelectorAsync("html[data-charts]");
        await Page.EvaluateAsync("document.fonts.ready");
    }

    /// <summary>Of the answer that brought the page.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private set; } = new Dictionary<string, string>();

    public IReadOnlyList<string> Complaints => _complaints;

    public void AssertQuiet() => Assert.Empty(_complaints);

    /// <summary>Says of each part of the page by which it is wrong; nothing of a page as it should be.</summary>
    /// <param name="script">A function in <c>checks.js</c>.</param>
    public async Task<string[]> Check(string script)
    {
        if (!_checks)
            await Page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Browser", "checks.js")));
        _checks = true;
        return await Page.EvaluateAsync<string[]>($"checks.{script}()");
    }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();

    private static bool IsOwn(string url) => new Uri(url) is { Scheme: "blob" or "data" } or { Host: "127.0.0.1" };

    private void Add(string? complaint)
    {
        if (complaint is not null)
            _complaints.Add(complaint);
    }
}
