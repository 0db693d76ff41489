using Outerloop.Deployment;
using Outerloop.Policies;
using Outerloop.Reporting;
using Outerloop.Runs;
using Outerloop.Tests.Support;

namespace Outerloop.Tests.Policies.Servers;

public sealed class ServerPolicyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Answers_keep_their_tokens_and_raw_log_probabilities_where_the_server_gives_them()
    {
        await using PlanServer server = await PlanServer.Start();
        var run = new ServerRun(_folder.File("run"), server.Url);
        await run.Execute();
        Assert.All(await run.Traces(), trace =>
        {
            Assert.Equal([1, 2, 3, 4, 5, 6, 7], trace.Tokens);
            Assert.Equal(7, trace.LogProbs.Count);
            Assert.Empty(trace.SamplingLogProbs);
            Assert.Equal("openai:" + PlanServer.Model, trace.BehaviourWeights);
            Assert.Equal(100, trace.PromptTokens);
            Assert.Equal(3, trace.ReasoningTokens);
        });
        Assert.All(server.Bodies, body => Assert.True((bool)body["return_token_ids"]! && (bool)body["logprobs"]!));
    }

    [Fact]
    public async Task A_server_is_asked_for_nothing_that_openai_does_not_know_unless_it_says_what_it_is()
    {
        await using PlanServer server = await PlanServer.Start(ownedBy: "openai");
        await new ServerRun(_folder.File("run"), server.Url).Execute();
        Assert.All(server.Bodies, body => Assert.Equal(
            ["max_completion_tokens", "messages", "model", "seed", "temperature"], body.Select(field => field.Key).Order()));
    }

    [Fact]
    public async Task Samples_of_a_task_can_be_asked_for_together_and_their_prompt_is_paid_once()
    {
        await using PlanServer server = await PlanServer.Start();
        var run = new ServerRun(_folder.File("run"), server.Url);
        run = new ServerRun(_folder.File("run"), server.Url) { Settings = run.Settings with { Samples = 5 }, Options = run.Options with { Choices = 4 } };
        DomainSummary summary = await run.Execute();
        Assert.Equal(120, server.Requests);
        Assert.Equal(300, (await run.Traces()).Count);
        PhaseCost cost = PhaseCost.Total(summary.Costs);
        Assert.Equal((120, 0, 12_000, 2_100), (cost.Requests, cost.Retries, cost.PromptTokens, cost.AnswerTokens));
    }

    [Fact]
    public async Task Each_answer_has_a_seed_of_its_own()
    {
        await using PlanServer server = await PlanServer.Start();
        await new ServerRun(_folder.File("run"), server.Url).Execute();
        Assert.Equal(60, server.Bodies.Select(body => (int)body["seed"]!).Distinct().Count());
    }

    [Fact]
    public async Task Several_servers_share_the_load_and_one_that_is_dead_is_done_without()
    {
        await using PlanServer one = await PlanServer.Start();
        await using PlanServer other = await PlanServer.Start();
        var run = new ServerRun(_folder.File("run"), one.Url, other.Url, new Uri("http://127.0.0.1:9/v1"));
        DomainSummary summary = await run.Execute();
        Assert.Equal(0, summary.Generations[0].Outcomes.ModelFailed);
        Assert.Equal(60, one.Requests + other.Requests);
        Assert.InRange(one.Requests, 5, 55);
    }

    [Fact]
    public async Task When_no_server_answers_any_more_the_run_stops_and_can_be_resumed()
    {
        await using PlanServer server = await PlanServer.Start();
        server.Mischief = (_, _) => Mischief.Broken;
        var run = new ServerRun(_folder.File("run"), server.Url);
        var impatient = new ServerRun(_folder.File("run"), server.Url) { Options = run.Options with { Patience = TimeSpan.FromMilliseconds(1), Retries = 1000 } };
        OutsideException stop = await Assert.ThrowsAsync<OutsideException>(() => impatient.Execute());
        Assert.Contains("not now", stop.Message);
        server.Mischief = (_, _) => Mischief.None;
        Assert.Equal(60, (await run.Execute(resume: true)).Generations[0].Tasks);
        Assert.Equal(60, (await run.Traces()).Count);
    }

    [Fact]
    public async Task A_prompt_without_room_for_an_answer_is_truncated_and_not_a_failure()
    {
        await using PlanServer server = await PlanServer.Start();
        server.Mischief = (_, _) => Mischief.NoRoom;
        var run = new ServerRun(_folder.File("run"), server.Url);
        Assert.Equal(60, (await run.Execute()).Generations[0].Outcomes.Truncated);
        Assert.Equal(60, server.Requests);
    }

    [Theory]
    [InlineData(Mischief.BadKey, "OPENAI_API_KEY")]
    [InlineData(Mischief.Unprocessable, "the server refuses every request")]
    public async Task What_no_request_can_pass_ends_the_run_with_a_word(object mischief, string said)
    {
        await using PlanServer server = await PlanServer.Start();
        server.Mischief = (_, _) => (Mischief)mischief;
        InputException refusal = await Assert.ThrowsAsync<InputException>(() => new ServerRun(_folder.File("run"), server.Url).Execute());
        Assert.Contains(said, refusal.Message);
    }

    [Fact]
    public async Task A_model_that_is_not_served_is_refused_with_those_that_are()
    {
        await using PlanServer server = await PlanServer.Start();
        var run = new ServerRun(_folder.File("run"), server.Url);
        run = new ServerRun(_folder.File("run"), server.Url) { Settings = run.Settings with { Policy = "openai:other" } };
        InputException refusal = await Assert.ThrowsAsync<InputException>(() => run.Execute());
        Assert.Contains($"no model 'other' is served here (there are: {PlanServer.Model})", refusal.Message);
    }

    [Fact]
    public async Task A_server_without_a_list_of_models_is_believed_to_have_the_base()
    {
        await using PlanServer server = await PlanServer.Start(listsModels: false);
        var run = new ServerRun(_folder.File("run"), server.Url);
        Assert.Equal(0, (await run.Execute()).Generations[0].Outcomes.ModelFailed);
        Assert.Contains(run.Notices, notice => notice.Contains("no list of models"));
    }

    [Fact]
    public async Task A_request_that_waits_long_is_named()
    {
        await using PlanServer server = await PlanServer.Start();
        server.Mischief = (problem, before) => before == 0 && problem.EndsWith("-17", StringComparison.Ordinal) ? Mischief.Hang : Mischief.None;
        var run = new ServerRun(_folder.File("run"), server.Url);
        run = new ServerRun(_folder.File("run"), server.Url) { Options = run.Options with { Stall = TimeSpan.FromMilliseconds(200) } };
        await run.Execute();
        Assert.Contains(run.Notices, notice => notice.StartsWith("blocksworld/g0/pool/17/sampled/0 has waited", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_takes_few_at_a_time_is_given_few_and_loses_nothing()
    {
        await using PlanServer server = await PlanServer.Start();
        server.MostAtATime = 8;
        var run = new ServerRun(_folder.File("run"), server.Url);
        run = new ServerRun(_folder.File("run"), server.Url) { Settings = run.Settings with { Tasks = 200 } };
        DomainSummary summary = await run.Execute();
        Assert.Equal(0, summary.Generations[0].Outcomes.ModelFailed);
        Assert.InRange(PhaseCost.Total(summary.Costs).Retries, 1, 400);
    }

    [Fact]
    public async Task A_server_that_says_when_is_asked_then_and_not_by_the_own_clock()
    {
        await using PlanServer server = await PlanServer.Start();
        server.Mischief = (_, before) => before == 0 ? Mischief.BusyForAMoment : Mischief.None;
        var run = new ServerRun(_folder.File("run"), server.Url);
        run = new ServerRun(_folder.File("run"), server.Url) { Options = run.Options with { FirstDelay = TimeSpan.FromHours(1), LongestDelay = TimeSpan.FromHours(1) } };
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        Assert.Equal(60, PhaseCost.Total((await run.Execute(cancellation: late.Token)).Costs).Retries);
    }

    [Fact]
    public async Task What_is_answered_is_kept_while_the_rest_is_waited_for()
    {
        await using PlanServer server = await PlanServer.Start();
        server.Mischief = (problem, _) => problem.EndsWith("-17", StringComparison.Ordinal) ? Mischief.Hang : Mischief.None;
        var run = new ServerRun(_folder.File("run"), server.Url);
        run = new ServerRun(_folder.File("run"), server.Url) { Options = run.Options with { Deadline = TimeSpan.FromMinutes(5) } };
        using var stop = new CancellationTokenSource();
        Task running = run.Execute(cancellation: stop.Token);
        while (server.Requests < 60 || (await run.Traces()).Count < 59)
            await Task.Delay(50);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_name_that_stands_for_another_is_refused_before_the_first_request()
    {
        await using PlanServer server = await PlanServer.Start(ownedBy: "outerloop");
        server.Root = "planner-gen-3-1a2b3c4d";
        InputException refusal = await Assert.ThrowsAsync<InputException>(() => new ServerRun(_folder.File("run"), server.Url).Execute());
        Assert.Contains("ask for openai:planner-gen-3-1a2b3c4d", refusal.Message);
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task What_a_server_is_and_what_failed_stands_in_the_report()
    {
        await using PlanServer server = await PlanServer.Start();
        server.Mischief = (problem, before) => problem.EndsWith('7') ? Mischief.Unprocessable : before == 0 && problem.EndsWith('2') ? Mischief.Broken : Mischief.None;
        var run = new ServerRun(_folder.File("run"), server.Url);
        DomainSummary summary = await run.Execute();
        ReportData data = await ReportData.Read(_folder.File("run"), domain => PolicyCatalog.FormatOf(_folder.File("run"), domain), planner: null, default);
        Assert.Equal(["vllm 0.11.0, fingerprint fp_1"], data.Servers);
        string page = ReportPage.Of(data);
        Assert.Contains("<li><code>vllm 0.11.0, fingerprint fp_1</code></li>", page);
        PhaseCost total = PhaseCost.Total(summary.Costs);
        Assert.True(total.Retries > 0 && summary.Generations[0].Outcomes.ModelFailed > 0);
        Assert.Contains($"<tr><td>all</td><td></td><td>{total.Requests}</td><td>{total.Retries}</td><td>{total.Failures}</td>", page);
        Assert.Contains($"<tr><td>0</td><td>{summary.Generations[0].Outcomes.ModelFailed}</td><td>0</td></tr>", page);
    }

    [Fact]
    public async Task A_budget_stops_the_run_and_a_larger_one_finishes_it()
    {
        await using PlanServer server = await PlanServer.Start();
        var run = new ServerRun(_folder.File("run"), server.Url);
        ServerRun With(Budget budget) => new(_folder.File("run"), server.Url) { Options = run.Options with { InFlight = 4 }, Budget = budget };

        OutsideException stop = await Assert.ThrowsAsync<OutsideException>(() => With(new Budget(Tokens: 2000)).Execute());
        Assert.Contains("the budget is used up", stop.Message);
        int first = (await run.Traces()).Count;
        Assert.InRange(first, 19, 40); // 107 tokens an answer; what was under way is kept
        Assert.Equal(server.Requests, first);
        await Assert.ThrowsAsync<OutsideException>(() => With(new Budget(Tokens: 2000)).Execute(resume: true));
        await Assert.ThrowsAsync<OutsideException>(() => With(new Budget(Cost: 3, PromptPrice: 1000, AnswerPrice: 10)).Execute(resume: true));
        Assert.InRange((await run.Traces()).Count, first, 59);
        await With(new Budget(Tokens: 1_000_000)).Execute(resume: true);
        Assert.Equal(60, (await run.Traces()).Count);
        Assert.Equal(60, server.Requests);
    }
}
