using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Outerloop.Gateway.Dashboard;
using Outerloop.Gateway.Dashboard.Pages;

namespace Outerloop.Gateway.Tests.Dashboard;

/// <summary>What a reader sees while figures are computed for the first time.</summary>
public sealed class NotYetPageTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task It_says_how_far_they_are_and_asks_again_by_itself()
    {
        (HttpResponse response, string page) = await Shown(share: 0.25, TimeSpan.FromSeconds(3));

        Assert.Equal((503, "2"), (response.StatusCode, $"{response.Headers["Refresh"]}"));
        Assert.Contains("<h1>Not yet</h1>", page);
        Assert.Contains("role=\"status\">The figures of long are computed for the first time, since 3 s. About 9 s are left.", page);
        Assert.Contains("<progress max=\"1\" value=\"0.25\" aria-label=\"How far they are\"></progress>", page);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(0.01)]
    public async Task Where_nothing_is_known_of_the_time_left_nothing_is_said_of_it(double share)
    {
        (_, string page) = await Shown(share, TimeSpan.FromSeconds(3));

        Assert.DoesNotContain("left", page);
        Assert.Equal(share is 0.01, page.Contains("value=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_leads_to_the_pages_that_need_no_figures()
    {
        (_, string page) = await Shown(0, TimeSpan.Zero);

        Assert.Contains("<a href=\"/runs/long/health\" aria-current=\"page\">Health</a>", page);
        Assert.Contains("<a href=\"/runs/long/traces\">Traces</a>", page);
    }

    private async Task<(HttpResponse Response, string Page)> Shown(double share, TimeSpan since)
    {
        var computing = new Computing(_clock);
        computing.Report(share);
        _clock.Advance(since);
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        await PageFrame.Send(context, _ => Task.FromResult(NotYetPage.Of(new ShownRun("long", "runs/long"), "Health", "The figures of long are computed", computing)));
        return (context.Response, Encoding.UTF8.GetString(body.ToArray()));
    }
}
