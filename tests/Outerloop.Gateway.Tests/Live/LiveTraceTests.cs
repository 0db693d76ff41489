using Outerloop.Gateway.Tests.Support;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Sampling;
using Outerloop.Planning.Domains;
using Outerloop.Prompting;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Gateway.Tests.Live;

public sealed class LiveTraceTests
{
    [Fact]
    public async Task An_answer_to_a_task_is_a_verified_trace_of_the_run_with_what_the_model_gave_each_token()
    {
        await using LiveRun run = await LiveRun.Start();

        GatewayReply first = await run.Ask(LiveRun.Problem), again = await run.Ask(LiveRun.Problem.Replace("problem p", "problem q", StringComparison.Ordinal));

        Assert.Equal(200, first.Status);
        await using RunStore store = await run.OpenStore();
        IReadOnlyList<Trace> traces = await store.LiveTraces(LiveRun.Domain);
        Assert.Equal([0, 1], traces.Select(trace => trace.Id.Sample));
        Assert.Single(traces.Select(trace => trace.Id.Task).Distinct());
        Trace trace = traces[0];
        Assert.Equal(TaskSet.Live, trace.Id.Task.Set);
        Assert.Equal(Outcome.Valid, trace.Outcome);
        Assert.Equal(first.Body!["choices"]![0]!["message"]!["content"]!.GetValue<string>(), trace.Text);
        Assert.Equal(first.Body["system_fingerprint"]!.GetValue<string>(), trace.BehaviourWeights);
        Assert.Equal(trace.LogProbs, Recomputed(run, trace), (given, found) => Math.Abs(given - found) < 0.02);
        Assert.Equal(200, again.Status);
    }

    [Fact]
    public async Task A_stream_is_on_record_before_it_ends_and_each_of_several_answers_for_itself()
    {
        await using LiveRun run = await LiveRun.Start();

        GatewayReply reply = await run.Ask(LiveRun.Problem, "\"stream\":true,\"n\":3,\"seed\":1");

        Assert.EndsWith("data: [DONE]\n\n", reply.Text, StringComparison.Ordinal);
        await using RunStore store = await run.OpenStore();
        Assert.Equal([0, 1, 2], (await store.LiveTraces(LiveRun.Domain)).Select(trace => trace.Id.Sample));
        Assert.Equal(3, await store.Answers());
    }

    [Fact]
    public async Task An_answer_to_no_task_is_on_record_and_no_trace()
    {
        await using LiveRun run = await LiveRun.Start();

        GatewayReply reply = await run.Gateway.Post("/v1/completions", $"{{\"model\":\"{LiveRun.Alias}\",\"prompt\":\"{BaseGateway.Words}\"}}");

        Assert.Equal(200, reply.Status);
        await using RunStore store = await run.OpenStore();
        Assert.Equal(1, await store.Answers());
        Assert.Empty(await store.LiveTraces(LiveRun.Domain));
    }

    [Fact]
    public async Task An_answer_that_the_client_may_have_cut_short_is_on_record_and_no_trace()
    {
        await using LiveRun run = await LiveRun.Start();

        Assert.Equal(200, (await run.Ask(LiveRun.Problem, "\"stop\":\"pickup\"")).Status);

        await using RunStore store = await run.OpenStore();
        Assert.Equal(1, await store.Answers());
        Assert.Empty(await store.LiveTraces(LiveRun.Domain));
    }

    /// <summary>The run's name of a domain may differ from that in PDDL: <c>rovers</c> and <c>rover</c>.</summary>
    [Theory]
    [InlineData("blocksworld")]
    [InlineData("rovers")]
    [InlineData("sokoban")]
    public async Task Tasks_of_each_domain_become_traces(string domain)
    {
        await using LiveRun run = await LiveRun.Start(LiveRun.Settings with { Domains = [domain] });
        await using RunStore store = await run.OpenStore();
        (TaskId id, string problem) = (await store.Tasks(domain)).First(task => task.Id.Set == TaskSet.Pool);

        Assert.Equal(200, (await run.Ask(problem, model: $"small-{domain}")).Status);

        Assert.Equal(id, Assert.Single(await store.LiveTraces(domain)).Id.Task);
    }

    [Fact]
    public async Task A_goal_that_the_model_has_no_words_for_is_the_requests_fault()
    {
        await using LiveRun run = await LiveRun.Start();

        GatewayReply reply = await run.Ask(LiveRun.Problem.Replace("(:goal (on b2 b1))", "(:goal (not (on b1 b2)))", StringComparison.Ordinal));

        Assert.Equal(400, reply.Status);
    }

    [Fact]
    public async Task A_task_of_the_run_is_found_again_and_its_live_traces_enter_none_of_the_runs_figures()
    {
        await using LiveRun run = await LiveRun.Start();
        await using RunStore store = await run.OpenStore();
        (TaskId id, string problem) = (await store.Tasks(LiveRun.Domain)).First(task => task.Id.Set == TaskSet.HeldOut);
        int before = (await store.Traces(LiveRun.Domain, TaskSet.HeldOut, 0, 0)).Count;

        await run.Ask(problem);

        Assert.Equal(id, Assert.Single(await store.LiveTraces(LiveRun.Domain)).Id.Task);
        Assert.Equal(before, (await store.Traces(LiveRun.Domain, TaskSet.HeldOut, 0, 0)).Count);
    }

    [Fact]
    public async Task Many_answers_at_a_time_are_each_kept_once()
    {
        await using LiveRun run = await LiveRun.Start();

        GatewayReply[] replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => run.Ask(LiveRun.Problem, $"\"seed\":{i}")));

        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
        await using RunStore store = await run.OpenStore();
        Assert.Equal(Enumerable.Range(0, 40), (await store.LiveTraces(LiveRun.Domain)).Select(trace => trace.Id.Sample));
        Assert.Equal(40, await store.Answers());
    }

    /// <summary>What a generation gives each token of an answer to <see cref="LiveRun.Problem"/>, by the model that trains.</summary>
    internal static float[] Recomputed(LiveRun run, Trace trace)
    {
        string folder = RunFolder.GenerationOf(run.Path, LiveRun.Domain, trace.Id.Generation);
        using (var checkpoint = SamplingCheckpoint.Open(folder, threads: 1))
            Assert.Equal(checkpoint.WeightsHash, trace.BehaviourWeights);
        PlanningDomain domain = DomainCatalog.Find(LiveRun.Domain)!;
        var task = PlanningTask.Read(trace.Id.Task, LiveRun.Problem, domain.Domain);
        var encoder = new ExampleEncoder(domain, CheckpointFolder.LoadTokenizer(folder)!);
        var sequence = encoder.EncodeAsSampled(task.Problem, trace.Tokens);
        return [.. new LanguageModel(CheckpointFolder.Load(folder).Parameters).LogProbabilities(sequence.Tokens, sequence.FirstTarget)];
    }
}
