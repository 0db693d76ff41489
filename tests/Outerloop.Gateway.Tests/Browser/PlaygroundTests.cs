using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Outerloop.Gateway.Keys;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Storage;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Gateway.Tests.Browser;

/// <summary>Two models side by side.</summary>
[Collection(DashboardBrowser.Collection)]
public sealed class PlaygroundTests(DashboardBrowser dashboard, PlayedRun run) : IClassFixture<PlayedRun>, IDisposable
{
    private static readonly string[] Sides = ["left", "right"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BrowserTheory]
    [MemberData(nameof(PlayedRun.AllDomains), MemberType = typeof(PlayedRun))]
    public async Task Both_answers_are_judged_as_the_gateway_judges_them_and_drawn_where_they_came_to(string domain)
    {
        await using WatchedPage watched = await dashboard.Open($"{run.Url}playground?task={PlayedRun.Run}/{domain}/heldOut/0&temperature=0");
        IPage page = watched.Page;
        await AskBoth(page);

        string problem = await page.Locator("[name=problem]").InputValueAsync();
        Assert.Equal((await run.Get($"/api/v1/runs/{PlayedRun.Run}/tasks/{domain}/heldOut/0"))["problem"]!.GetValue<string>(), problem);
        Assert.StartsWith($"{PlayedRun.Run}-{domain}-g0-", await page.Locator("#left select").InputValueAsync(), StringComparison.Ordinal);
        Assert.Equal($"{PlayedRun.Run}-{domain}", await page.Locator("#right select").InputValueAsync());
        foreach (string side in Sides)
        {
            string answer = (await page.Locator($"#{side} .answer").TextContentAsync())!;
            JsonNode states = await Judge(page, problem, answer);
            Assert.NotEmpty(answer);
            await Assertions.Expect(page.Locator($"#{side} .verdict")).ToHaveClassAsync($"verdict {states["verdict"]!["verdict"]}");
            Assert.Equal(states["steps"]!.AsArray().Select(step => $"{step!["text"]}"), await page.Locator($"#{side} .steps li:not(.failing)").AllTextContentsAsync());
            Assert.NotEmpty((await page.Locator($"#{side} svg.picture").GetAttributeAsync("aria-label"))!);
        }

        Assert.Equal(await page.Locator("#left .answer").TextContentAsync(), await page.Locator("#right .answer").TextContentAsync()); // the alias is the one generation that there is
        watched.AssertQuiet();
    }

    /// <summary>The answers are the test's own, so that it says when they go on.</summary>
    [BrowserFact]
    public async Task An_answer_is_judged_while_it_is_written_and_a_step_without_its_last_words_is_no_mistake()
    {
        await using WatchedPage watched = await dashboard.Open("/");
        IPage page = watched.Page;
        await page.AddInitScriptAsync("""
            const streams = [], own = fetch;
            fetch = (path, options) => path.endsWith("/v1/chat/completions")
              ? Promise.resolve(new Response(new ReadableStream({ start: controller => streams.push(controller) })))
              : own(path, options);
            const send = data => streams.forEach(stream => stream.enqueue(new TextEncoder().encode(`data: ${data}\n\n`)));
            globalThis.write = content => send(JSON.stringify({ id: "chatcmpl-x", choices: [{ delta: { content } }] }));
            globalThis.end = () => send("[DONE]");
            """);
        await page.GotoAsync($"{run.Url}playground?problem={Uri.EscapeDataString(LiveRun.Problem)}");
        await page.Locator("#left option").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask both" }).ClickAsync();

        (string Piece, string Verdict, string Kind, string Picture)[] pieces =
        [
            ("unstack", "No step yet.", "open", "b1 on b2"),
            (" b1 b2 putdown", "1 step can be taken; the goal does not hold yet.", "open", "The hand holds b1"),
            (" b1 pickup b2", "3 steps can be taken; the goal does not hold yet.", "open", "The hand holds b2"),
            (" stack b2 b1", "The goal holds after 4 steps.", "valid", "b2 on b1"),
            (" pickup b1 putdown", "Step 5, (pickup b1), cannot be taken: clear(b1) does not hold.", "invalid", "b2 on b1"),
        ];
        foreach ((string piece, string verdict, string kind, string picture) in pieces)
        {
            await page.EvaluateAsync("piece => write(piece)", piece);
            foreach (string side in Sides)
            {
                await Assertions.Expect(page.Locator($"#{side} .verdict")).ToHaveTextAsync(verdict);
                await Assertions.Expect(page.Locator($"#{side} .verdict")).ToHaveClassAsync($"verdict {kind}");
                Assert.Contains(picture, await page.Locator($"#{side} svg.picture").GetAttributeAsync("aria-label"), StringComparison.Ordinal);
            }
        }

        Assert.False(await page.Locator("#left .judge").IsVisibleAsync());
        await page.EvaluateAsync("end()");
        await Assertions.Expect(page.Locator("#left .judge")).ToBeVisibleAsync();
        watched.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_verdict_by_the_reader_is_in_the_store_and_the_last_one_counts()
    {
        await using WatchedPage watched = await dashboard.Open($"{run.Url}playground?task={PlayedRun.Run}/blocksworld/heldOut/1&seed=5");
        IPage page = watched.Page;
        await AskBoth(page);

        await page.Locator("#left [data-verdict=accept]").ClickAsync();
        await Assertions.Expect(page.Locator("#left .judge [role=status]")).ToHaveTextAsync("On record: accepted.");
        await page.Locator("#right [data-verdict=accept]").ClickAsync();
        await page.Locator("#right [data-verdict=reject]").ClickAsync();
        await Assertions.Expect(page.Locator("#right .judge [role=status]")).ToHaveTextAsync("On record: rejected.");

        await using RunStore store = await run.OpenStore();
        IReadOnlyDictionary<TraceId, bool> verdicts = await store.Verdicts("blocksworld");
        string?[] answers = await Task.WhenAll(Sides.Select(side => page.Locator($"#{side} .answer").TextContentAsync()));
        Assert.Equal([false, true], verdicts.Values.Order());
        foreach ((TraceId id, bool accepted) in verdicts)
            Assert.Equal(answers[accepted ? 0 : 1], (await store.Find(id))!.Text);
        watched.AssertQuiet();
    }

    [BrowserFact]
    public async Task An_answer_that_there_should_have_been_goes_on_record_and_is_verified()
    {
        string plan = (await run.Get($"/api/v1/runs/{PlayedRun.Run}/traces/sokoban/g0/pool/0/extra/0"))["answer"]!.GetValue<string>();
        await using WatchedPage watched = await dashboard.Open($"{run.Url}playground?task={PlayedRun.Run}/sokoban/pool/0&temperature=0");
        IPage page = watched.Page;
        await AskBoth(page);
        ILocator left = page.GetByRole(AriaRole.Region, new() { Name = "Left" }), right = page.GetByRole(AriaRole.Region, new() { Name = "Right" });

        await left.GetByLabel("The answer that there should have been").FillAsync($" {plan} ");
        await left.GetByRole(AriaRole.Button, new() { Name = "Reject" }).ClickAsync();
        await right.GetByLabel("The answer that there should have been").FillAsync("fly away");
        await right.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();

        await Assertions.Expect(left.Locator(".judge [role=status]")).ToHaveTextAsync("On record: rejected, with your answer, which is valid.");
        await Assertions.Expect(right.Locator(".judge [role=status]")).ToContainTextAsync("On record: accepted, with your answer, which is malformed (");
        await AskBoth(page);
        Assert.Equal("", await left.Locator("textarea").InputValueAsync()); // it was of the answer before
        watched.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_task_that_a_user_brought_can_be_asked_again()
    {
        await using WatchedPage watched = await dashboard.Open("/");
        IPage page = watched.Page;
        await page.APIRequest.PostAsync(new Uri(run.Url, "/v1/chat/completions").AbsoluteUri, new()
        {
            DataObject = new { model = $"{PlayedRun.Run}-blocksworld", messages = new[] { new { role = "user", content = LiveRun.Problem } } },
        });
        JsonNode trace = (await run.Get($"/api/v1/runs/{PlayedRun.Run}/traces?domain=blocksworld&set=live&limit=1"))["traces"]![0]!;
        await page.GotoAsync($"{run.Url}runs/{PlayedRun.Run}/traces/{trace["id"]}");
        await page.GetByRole(AriaRole.Link, new() { Name = "This task in the playground" }).ClickAsync();

        await Assertions.Expect(page.Locator("[name=tasks]")).ToHaveValueAsync($"{PlayedRun.Run}/blocksworld/live");
        await Assertions.Expect(page.Locator("[name=problem]")).Not.ToHaveValueAsync("");
        Assert.False(await page.Locator("#trouble").IsVisibleAsync());
        watched.AssertQuiet();
    }

    [BrowserFact]
    public async Task Answers_grow_until_they_are_stopped_and_the_gateway_has_their_places_again()
    {
        await using WatchedPage watched = await dashboard.Open($"{run.Url}playground?left={EndlessModel.Name}&right={EndlessModel.Name}&temperature=0&problem={Uri.EscapeDataString(EndlessModel.Words)}");
        IPage page = watched.Page;
        await page.Locator("#left option").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask both" }).ClickAsync();

        foreach (string side in Sides)
        {
            int some = await Longer(page, side, 0);
            await Longer(page, side, some);
        }

        Assert.Equal(2, await UnderWay());
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        foreach (string side in Sides)
            await Assertions.Expect(page.Locator($"#{side} .verdict")).ToContainTextAsync("Stopped.");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Ask both" })).ToBeEnabledAsync();
        Assert.False(await page.Locator("#left .judge").IsVisibleAsync());
        while (await UnderWay() > 0)
            await Task.Delay(20);
    }

    [BrowserFact]
    public async Task The_address_has_task_models_temperature_and_seed_and_gives_them_back()
    {
        await using WatchedPage watched = await dashboard.Open($"{run.Url}playground");
        IPage page = watched.Page;
        await page.Locator("#left option").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.Locator("[name=tasks]").SelectOptionAsync($"{PlayedRun.Run}/sokoban/pool");
        await page.Locator("[name=number]").FillAsync("3");
        await page.Locator("#pick").ClickAsync();
        await page.Locator("[name=seed]").FillAsync("17");
        await page.Locator("[name=temperature]").FillAsync("0.25");
        await page.Locator("#right select").SelectOptionAsync(EndlessModel.Name);
        await Assertions.Expect(page.Locator("[name=problem]")).ToHaveValueAsync((await run.Get($"/api/v1/runs/{PlayedRun.Run}/tasks/sokoban/pool/3"))["problem"]!.GetValue<string>());
        string[] before = await Fields(page);

        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("[name=problem]")).ToHaveValueAsync(before[0]);
        Assert.Equal(before, await Fields(page));
        await page.Locator("[name=problem]").FillAsync("(define (problem mine) (:domain blocksworld))");
        await page.Locator("[name=seed]").FillAsync("18");
        await page.Locator("[name=seed]").BlurAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("[name=problem]")).ToHaveValueAsync("(define (problem mine) (:domain blocksworld))");
        watched.AssertQuiet();
    }

    [BrowserFact]
    public async Task What_a_model_writes_does_no_harm_and_a_stream_that_breaks_says_so()
    {
        await using WatchedPage watched = await dashboard.Open($"{run.Url}playground?task={PlayedRun.Run}/blocksworld/pool/0");
        IPage page = watched.Page;
        var chunk = new JsonObject { ["id"] = "chatcmpl-x", ["choices"] = new JsonArray(new JsonObject { ["delta"] = new JsonObject { ["content"] = DashboardBrowser.HostileText } }) };
        await page.RouteAsync("**/v1/chat/completions", route => route.FulfillAsync(new()
        {
            ContentType = "text/event-stream",
            Body = $"data: {chunk.ToJsonString()}\n\n{(route.Request.PostData!.Contains("-g0-", StringComparison.Ordinal) ? "data: [DONE]" : "data: {\"error\":{\"message\":\"<i>The server failed\\u001b[2J\"}}")}\n\n",
        }));
        await AskBoth(page);

        Assert.Contains("<script>", (await page.Locator("#left .answer").TextContentAsync())!, StringComparison.Ordinal);
        await Assertions.Expect(page.Locator("#left .verdict")).ToHaveClassAsync("verdict malformed");
        await Assertions.Expect(page.Locator("#right .verdict")).ToHaveTextAsync("<i>The server failed\u241b[2J");
        Assert.Equal(0, await page.Locator("main script, main img, main i").CountAsync());
        Assert.DoesNotContain(await page.Locator("main").InnerTextAsync(), letter => letter is '\u001b' or '\u0007' or '\u202e');
        Assert.DoesNotContain("harmed", await page.TitleAsync(), StringComparison.Ordinal);
        watched.AssertQuiet();
    }

    [BrowserFact]
    public async Task Refusals_are_shown_as_text_and_other_domains_as_facts()
    {
        const string Problem = "(define (problem p) (:domain gripper) (:objects here there - room left right - hand red - ball) (:init (robot-in here) (free left) (free right) (lies-in red here)) (:goal (lies-in red there)))";
        await using WatchedPage watched = await dashboard.Open($"{run.Url}playground?task={PlayedRun.Run}/blocksworld/pool/9999");
        IPage page = watched.Page;
        await Assertions.Expect(page.Locator("#trouble")).ToHaveTextAsync("The task cannot be shown: There is no such task");
        await page.Locator("[name=problem]").FillAsync(Problem);
        await AskBoth(page);

        await Assertions.Expect(page.Locator("#left .verdict")).ToContainTextAsync("The model has no word for");
        await Assertions.Expect(page.Locator("#left .state div").Filter(new() { HasText = "lies-in" }).Locator(".fact")).ToHaveTextAsync("red here");
        Assert.False(await page.Locator("#left .judge").IsVisibleAsync());
    }

    [BrowserTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_keys_the_browsers_user_is_asked_once_and_everything_works(bool inAddress)
    {
        (string key, string hash) = ApiKeys.New();
        await File.WriteAllTextAsync(_folder.File("keys.yaml"), $"- {{name: alice, sha256: {hash}}}");
        using ApiKeys keys = ApiKeys.Read(_folder.File("keys.yaml"));
        await using BaseGateway gateway = await BaseGateway.Start(keys);
        var site = new Uri(gateway.Url, "/");
        await using WatchedPage other = await dashboard.Open("/");
        await using IBrowserContext context = await other.Page.Context.Browser!.NewContextAsync(inAddress ? new() : new() { HttpCredentials = new() { Username = "me", Password = key } });
        IPage page = await context.NewPageAsync();
        await page.GotoAsync($"http://{(inAddress ? $"me:{key}@" : "")}{site.Authority}/playground?problem={Uri.EscapeDataString(LiveRun.Problem)}&temperature=0");
        await AskBoth(page);

        await Assertions.Expect(page.Locator("#left .verdict")).ToContainTextAsync("The goal holds after 4 steps.");
        await page.Locator("#left [data-verdict=accept]").ClickAsync();
        await Assertions.Expect(page.Locator("#left .judge [role=status]")).ToContainTextAsync("keeps no record");
    }

    private static async Task AskBoth(IPage page)
    {
        await page.Locator("#left option").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await Assertions.Expect(page.Locator("[name=problem]")).Not.ToHaveValueAsync("");
        ILocator button = page.GetByRole(AriaRole.Button, new() { Name = "Ask both" });
        await button.ClickAsync();
        await Assertions.Expect(button).ToBeEnabledAsync(new() { Timeout = 60_000 });
    }

    private static async Task<string[]> Fields(IPage page)
    {
        var values = new List<string>();
        foreach (string field in (string[])["[name=problem]", "[name=tasks]", "[name=number]", "[name=temperature]", "[name=seed]", "#left select", "#right select"])
            values.Add(await page.Locator(field).InputValueAsync());
        return [.. values];
    }

    /// <summary>Waits until an answer is longer than it was.</summary>
    private static async Task<int> Longer(IPage page, string side, int than)
    {
        int length;
        while ((length = (await page.Locator($"#{side} .answer").TextContentAsync())!.Length) <= than)
            await Task.Delay(20);
        return length;
    }

    private static async Task<JsonNode> Judge(IPage page, string problem, string plan)
    {
        IAPIResponse response = await page.APIRequest.PostAsync(new Uri(new Uri(page.Url), "/api/v1/validate").AbsoluteUri, new() { DataObject = new { problem, plan } });
        return JsonNode.Parse(await response.TextAsync())!;
    }

    private async Task<int> UnderWay() => int.Parse($"{(await run.Get("/healthz"))["answers"]}", CultureInfo.InvariantCulture);
}
