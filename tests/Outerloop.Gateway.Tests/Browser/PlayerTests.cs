using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Outerloop.Tests.Support;

namespace Outerloop.Gateway.Tests.Browser;

/// <summary>The player of plans, by what it draws.</summary>
[Collection(DashboardBrowser.Collection)]
public sealed class PlayerTests(DashboardBrowser dashboard, PlayedRun run) : IClassFixture<PlayedRun>
{
    [BrowserFact]
    public async Task Towers_end_as_the_goal_wants_them()
    {
        await using WatchedPage watched = await dashboard.Open(run.PageOf("blocksworld", broken: false));
        Drawn drawn = await Drawn.On(watched.Page);
        JsonArray goal = (await run.StatesOf("blocksworld", broken: false))["goal"]!["facts"]!.AsArray();

        Assert.False(await Stand(drawn, goal));
        await drawn.Press("End");
        Assert.True(await Stand(drawn, goal));
        Assert.Equal(goal.Count, await watched.Page.Locator("#player .goal .holds").CountAsync());
        ILocator wanted = watched.Page.Locator("#player .goal-picture svg");
        Assert.StartsWith("The goal: ", await wanted.GetAttributeAsync("aria-label"), StringComparison.Ordinal);
        foreach (JsonNode? fact in goal)
            Assert.Equal(1, await wanted.Locator($"[data-part='{fact![1]}']").CountAsync());
        await Assertions.Expect(watched.Page.Locator("#player .now")).ToContainTextAsync("The goal holds");
        watched.AssertQuiet();
    }

    [BrowserFact]
    public async Task Boxes_end_in_their_places()
    {
        await using WatchedPage watched = await dashboard.Open(run.PageOf("sokoban", broken: false));
        Drawn drawn = await Drawn.On(watched.Page);
        string[] boxes = [.. (await run.StatesOf("sokoban", broken: false))["goal"]!["facts"]!.AsArray().Select(fact => $"{fact![1]}")];

        Assert.NotEmpty(boxes);
        Assert.Contains(false, await Each(boxes, async box => await drawn.Middle(box) == await drawn.Middle($"goal {box}")));
        await drawn.Press("End");
        Assert.DoesNotContain(false, await Each(boxes, async box => await drawn.Middle(box) == await drawn.Middle($"goal {box}")));
        watched.AssertQuiet();
    }

    [BrowserFact]
    public async Task Rovers_drive_and_the_lander_is_told_everything()
    {
        await using WatchedPage watched = await dashboard.Open(run.PageOf("rovers", broken: false));
        Drawn drawn = await Drawn.On(watched.Page);
        JsonNode states = await run.StatesOf("rovers", broken: false);
        int goals = states["goal"]!["facts"]!.AsArray().Count, last = states["steps"]!.AsArray().Count;
        ILocator told = watched.Page.Locator("[data-part='card lander'] .check"), open = watched.Page.Locator("[data-part='card lander'] .open");

        Assert.Equal((0, goals), (await told.CountAsync(), await open.CountAsync()));
        await drawn.Press("End");
        Assert.Equal((goals, 0), (await told.CountAsync(), await open.CountAsync()));
        foreach (JsonNode? fact in (await run.Get($"{new Uri(run.PageOf("rovers", broken: false)).AbsolutePath.Replace("/runs/", "/api/v1/runs/", StringComparison.Ordinal)}/states/{last}"))["facts"]!.AsArray().Where(fact => $"{fact![0]}" == "at"))
            Assert.True(Distance(await drawn.Middle($"{fact![1]}"), await drawn.Middle($"{fact[2]}")) < 40, $"{fact} is drawn elsewhere");
        watched.AssertQuiet();
    }

    [BrowserTheory]
    [MemberData(nameof(PlayedRun.AllDomains), MemberType = typeof(PlayedRun))]
    public async Task A_plan_stops_at_the_step_that_fails_and_says_what_is_unmet(string domain)
    {
        await using WatchedPage watched = await dashboard.Open(run.PageOf(domain, broken: true));
        Drawn drawn = await Drawn.On(watched.Page);
        JsonNode states = await run.StatesOf(domain, broken: true);
        string failing = $"{states["failing"]!["text"]}", step = $"{states["failing"]!["step"]}";
        string[] unmet = [.. states["verdict"]!["unmet"]!.AsArray().Select(part => $"{part!["text"]}")];

        await drawn.Press("End");
        await Assertions.Expect(watched.Page.Locator("#player .steps .failing")).ToHaveAttributeAsync("aria-current", "step");
        await Assertions.Expect(watched.Page.Locator("#player .headline")).ToHaveTextAsync($"Step {step}, {failing}, cannot be taken.");
        Assert.NotEmpty(unmet);
        string[] behind = [.. states["behind"]!.AsArray().Select(text => $"{text}")];
        Assert.Equal(behind.Select(text => $"{text}not reached"), await watched.Page.Locator("#player .steps .behind").AllTextContentsAsync());
        Assert.Equal(unmet, await watched.Page.Locator("#player .unmet li").AllTextContentsAsync());
        string words = await drawn.Words();
        await drawn.Press("ArrowLeft");
        Assert.Equal(words, await drawn.Words());
        Assert.Equal(0, await watched.Page.Locator("#player .unmet").CountAsync());
        watched.AssertQuiet();
    }

    [BrowserFact]
    public async Task Keys_buttons_list_and_slider_come_to_the_same_states_and_the_address_keeps_the_step()
    {
        await using WatchedPage watched = await dashboard.Open(run.PageOf("sokoban", broken: false) + "#step=2");
        Drawn drawn = await Drawn.On(watched.Page);
        IPage page = watched.Page;
        int last = (await run.StatesOf("sokoban", broken: false))["steps"]!.AsArray().Count;

        Assert.Equal(2, await drawn.Step());
        string second = await drawn.Words();
        foreach ((string key, int step) in ((string, int)[])[("ArrowRight", 3), ("ArrowLeft", 2), ("Home", 0), ("ArrowLeft", 0), ("End", last), ("ArrowRight", last)])
        {
            await drawn.Press(key);
            Assert.Equal(step, await drawn.Step());
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "First state" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Next step" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Next step" }).ClickAsync();
        Assert.Equal((2, second), (await drawn.Step(), await drawn.Words()));
        await page.Locator("#player .steps button").Nth(0).ClickAsync();
        Assert.Equal(1, await drawn.Step());
        await page.GetByRole(AriaRole.Slider).FillAsync("2");
        Assert.Equal(second, await drawn.Words());
        await page.WaitForURLAsync(address => address.EndsWith("#step=2", StringComparison.Ordinal));
        await page.EvaluateAsync("location.hash = '#step=99999'");
        await Assertions.Expect(page.Locator("#player")).ToHaveAttributeAsync("data-step", $"{last}");
        await page.EvaluateAsync("location.hash = '#step=<script>'");
        Assert.Equal(last, await drawn.Step());
        watched.AssertQuiet();
    }

    [BrowserFact]
    public async Task All_facts_are_those_of_the_gateway_with_what_the_step_changed()
    {
        await using WatchedPage watched = await dashboard.Open(run.PageOf("rovers", broken: false) + "#step=3");
        await Drawn.On(watched.Page);
        JsonNode states = await run.StatesOf("rovers", broken: false), third = states["steps"]![2]!;
        await watched.Page.GetByText("All facts").ClickAsync();

        ILocator facts = watched.Page.Locator("#player .state");
        await facts.WaitForAsync();
        string address = new Uri(run.PageOf("rovers", broken: false)).AbsolutePath.Replace("/runs/", "/api/v1/runs/", StringComparison.Ordinal);
        Assert.Equal((await run.Get($"{address}/states/3"))["facts"]!.AsArray().Count, await facts.Locator(".fact:not(del)").CountAsync());
        Assert.Equal((third["added"]!.AsArray().Count, third["removed"]!.AsArray().Count), (await facts.Locator("ins").CountAsync(), await facts.Locator("del").CountAsync()));
        watched.AssertQuiet();
    }

    [BrowserFact]
    public async Task Nothing_glides_where_the_readers_system_asks_for_less_motion()
    {
        await using WatchedPage watched = await dashboard.Open(run.PageOf("blocksworld", broken: false));
        await Drawn.On(watched.Page);
        const string Duration = "getComputedStyle(document.querySelector('.picture .part')).transitionDuration";

        Assert.Equal("0s", await watched.Page.EvaluateAsync<string>(Duration));
        await watched.Page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.NoPreference });
        Assert.NotEqual("0s", await watched.Page.EvaluateAsync<string>(Duration));
    }

    [BrowserFact]
    public async Task It_plays_to_the_end_by_itself_and_a_key_stops_it()
    {
        await using WatchedPage watched = await dashboard.Open(run.PageOf("blocksworld", broken: false));
        Drawn drawn = await Drawn.On(watched.Page);
        int last = (await run.StatesOf("blocksworld", broken: false))["steps"]!.AsArray().Count;

        await watched.Page.Locator("#player select").SelectOptionAsync("8");
        await drawn.Press(" ");
        await watched.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).WaitForAsync();
        await Assertions.Expect(watched.Page.Locator("#player")).ToHaveAttributeAsync("data-step", $"{last}", new() { Timeout = 60_000 });
        await watched.Page.GetByRole(AriaRole.Button, new() { Name = "Play" }).WaitForAsync();
        await watched.Page.Locator("#player select").SelectOptionAsync("0.5");
        await drawn.Press(" ");
        Assert.Equal(0, await drawn.Step());
        await drawn.Press("ArrowRight");
        await watched.Page.GetByRole(AriaRole.Button, new() { Name = "Play" }).WaitForAsync();
        Assert.Equal(1, await drawn.Step());
        watched.AssertQuiet();
    }

    [BrowserFact]
    public async Task An_answer_without_a_plan_is_said_to_be_none_and_does_no_harm()
    {
        await using WatchedPage watched = await dashboard.Open($"/runs/{DashboardBrowser.Run}/traces/{DashboardBrowser.Hostile}");
        await Assertions.Expect(watched.Page.Locator("#player .headline")).ToContainTextAsync("No plan can be read");
        string text = await watched.Page.Locator("main").InnerTextAsync();

        Assert.Equal(0, await watched.Page.Locator("main script, main img").CountAsync());
        Assert.Contains("<script>", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, letter => letter is '\u001b' or '\u0007' or '\u202e');
        Assert.DoesNotContain("harmed", await watched.Page.TitleAsync(), StringComparison.Ordinal);
        watched.AssertQuiet();
    }

    [BrowserFact]
    public async Task States_that_cannot_be_had_are_said_to_be_so()
    {
        await using WatchedPage watched = await dashboard.Open("/");
        await watched.Page.RouteAsync("**/states", route => route.FulfillAsync(new() { Status = 500, ContentType = "application/json", Body = """{"error":{"message":"the store has no task <b>"}}""" }));
        await watched.Page.GotoAsync(run.PageOf("rovers", broken: false));
        await Assertions.Expect(watched.Page.Locator("#player")).ToHaveTextAsync("The plan cannot be shown: the store has no task <b>");
    }

    private static double Distance((double X, double Y) one, (double X, double Y) other) => Math.Sqrt(Math.Pow(one.X - other.X, 2) + Math.Pow(one.Y - other.Y, 2));

    private static async Task<bool[]> Each(string[] names, Func<string, Task<bool>> look)
    {
        var seen = new List<bool>();
        foreach (string name in names)
            seen.Add(await look(name));
        return [.. seen];
    }

    /// <summary>Whether each block of the goal is drawn right above the one that it should be on, or on the table.</summary>
    private static async Task<bool> Stand(Drawn drawn, JsonArray goal)
    {
        foreach (JsonNode? fact in goal.Where(fact => $"{fact![0]}" == "on"))
        {
            (LocatorBoundingBoxResult upper, LocatorBoundingBoxResult lower) = (await drawn.Box($"{fact![1]}"), await drawn.Box($"{fact[2]}"));
            if (Math.Abs(upper.X - lower.X) > 1 || Math.Abs(upper.Y + upper.Height - lower.Y) > upper.Height / 8)
                return false;
        }

        return true;
    }
}
