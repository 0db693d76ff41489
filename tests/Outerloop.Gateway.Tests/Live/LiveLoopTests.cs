using Outerloop.Configuration;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Live;
using Outerloop.Policies;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Tests.Support;
using Outerloop.Traces;
using Outerloop.Training;
using Xunit.Abstractions;

namespace Outerloop.Gateway.Tests.Live;

/// <summary>Deployment as users see it: they ask, say what they think of the answers, and get a generation that learnt from that.</summary>
public sealed class LiveLoopTests(ITestOutputHelper output)
{
    private const int TaskCount = 120;

    private static readonly (DateTimeOffset, string) Now = (DateTimeOffset.UnixEpoch, "test");

    private static readonly RunSettings Settings = LiveRun.Settings with
    {
        Tasks = 12,
        HeldOut = 60,
        Trainer = new TrainerSettings { MinSteps = 60, Epochs = 6 },
    };

    [Fact]
    public async Task A_generation_learns_from_what_the_verifier_keeps_of_live_traffic_and_drifts_where_careless_users_alone_are_trusted()
    {
        await using LiveRun run = await LiveRun.Start(Settings);
        await Traffic(run);

        NextReport verified = await Next(run, "verifier"), trusted = await Next(run, "feedback"), both = await Next(run, "both");
        (double verifiedValid, double trustedValid) = (await ValidShare(run, 1), await ValidShare(run, 2));
        output.WriteLine($"base {verified.HeldOut!.First:P1}");
        foreach ((string name, NextReport report) in new[] { ("verifier", verified), ("feedback", trusted), ("both", both) })
            output.WriteLine($"{name}: {report.HeldOut!.Second:P1}, {report.Examples} examples, {report.LiveExamples} live, {report.HeldOut.Difference:P1} [{report.HeldOut.Low:P1}, {report.HeldOut.High:P1}], {report.Disagreements.Count} disagreements");
        output.WriteLine($"of what it learnt from, valid: verifier {verifiedValid:P1}, feedback {trustedValid:P1}");

        Assert.True(verified.HeldOut!.Low > 0, $"{verified.HeldOut}");
        Assert.True(trusted.HeldOut!.Second < verified.HeldOut.Second, $"{trusted.HeldOut}");
        Assert.Equal(1, verifiedValid);
        Assert.True(trustedValid < 0.9, $"{trustedValid}");
        Assert.NotEmpty(verified.Disagreements);
        Assert.All(verified.Disagreements, one => Assert.NotEqual(one.User, one.Verifier == Outcome.Valid));
        await PromoteUnderLoad(run);
    }

    [Fact]
    public async Task Tasks_that_are_held_out_by_their_fingerprint_are_recorded_and_never_learnt_from()
    {
        await using LiveRun run = await LiveRun.Start();
        string open = LiveRun.Draw(heldOut: false, seed: 1), held = LiveRun.Draw(heldOut: true, seed: 2), evaluated;
        await using (RunStore store = await run.OpenStore())
            evaluated = (await store.Tasks(LiveRun.Domain)).First(task => task.Id.Set == TaskSet.HeldOut).Problem;
        foreach (string problem in (string[])[open, held, evaluated])
            Assert.Equal(200, (await run.Ask(problem)).Status);

        NextReport report = await Next(run, "everything");

        await using RunStore after = await run.OpenStore();
        Assert.Equal(3, (await after.LiveTraces(LiveRun.Domain)).Count);
        Assert.Equal(1, report.LiveExamples);
        TraceId learnt = Assert.Single((await after.Curated(LiveRun.Domain))[1], id => id.Mode == SampleMode.Live);
        Assert.Equal(new TaskId(LiveRun.Domain, TaskSet.Live, 0), learnt.Task);
    }

    [Fact]
    public async Task The_next_generation_is_deployed_as_those_of_the_run()
    {
        await using LiveRun run = await LiveRun.Start();

        await Next(run, "everything");

        await using RunStore store = await run.OpenStore();
        Assert.Equal(LiveRun.Settings.Tasks, (await store.Traces(LiveRun.Domain, TaskSet.Pool, 1, 1)).Count);
        RunGain gain = Assert.Single(RunGain.Of(await new RunSummarizer(store).Summarize(run.Path, [LiveRun.Domain])));
        Assert.Equal(1, gain.Last.Generation);
        Assert.Equal(LiveRun.Settings.Tasks, gain.Last.Outcomes.Valid + gain.Last.Outcomes.Invalid + gain.Last.Outcomes.Malformed + gain.Last.Outcomes.Truncated);
    }

    [Fact]
    public async Task A_run_that_has_generations_to_make_makes_them_first()
    {
        await using LiveRun run = await LiveRun.Start();
        string settings = Path.Combine(run.Path, "run.yaml"), text = await File.ReadAllTextAsync(settings);
        Assert.Contains("generations: 0", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(settings, text.Replace("generations: 0", "generations: 2", StringComparison.Ordinal));

        InputException refused = await Assert.ThrowsAsync<InputException>(() => Next(run, "everything"));

        Assert.Contains("the run itself is to make generation 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopped_before_it_is_compared_a_generation_is_gone_on_with_unless_users_have_asked_more()
    {
        await using LiveRun run = await LiveRun.Start();
        await Stopped(run);

        Assert.Equal(1, (await Next(run, "everything")).Generation);
        await Stopped(run); // generation 2
        Assert.Equal(200, (await run.Ask(LiveRun.Draw(heldOut: false, seed: 3))).Status);
        Assert.Equal(3, (await Next(run, "everything")).Generation);
    }

    /// <summary>Ctrl-C as soon as a generation is made.</summary>
    private static async Task Stopped(LiveRun run)
    {
        using var stop = new CancellationTokenSource();
        await using RunStore store = await run.OpenStore();
        int before = (await store.Generations(LiveRun.Domain)).Count;
        Task<NextReport> next = Next(run, "everything", new StopsAt(before, stop), stop.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        Assert.Equal(before + 1, (await store.Generations(LiveRun.Domain)).Count);
    }

    /// <summary>Four answers to each task; users take a plan that gets halfway for one that gets there, and are careless with one in ten.</summary>
    private static async Task Traffic(LiveRun run)
    {
        var random = new Random(1);
        for (int task = 0; task < TaskCount; task++)
        {
            GatewayReply reply = await run.Ask(LiveRun.Draw(heldOut: false, seed: task), $"\"n\":4,\"seed\":{task}");
            string id = reply.Body!["id"]!.GetValue<string>();
            await using RunStore store = await run.OpenStore();
            Trace[] answers = [.. (await store.LiveTraces(LiveRun.Domain)).TakeLast(4)];
            for (int choice = 0; choice < 4; choice++)
            {
                bool likes = answers[choice].GoalShare >= 0.5;
                bool says = random.NextDouble() < 0.1 ? !likes : likes;
                Assert.Equal(200, (await run.Gateway.Post("/v1/feedback", $"{{\"id\":\"{id}\",\"choice\":{choice},\"verdict\":\"{(says ? "accept" : "reject")}\"}}")).Status);
            }
        }
    }

    /// <summary>A canary, a promotion and a rollback while users ask: nothing is refused, and each trace has the weights that gave it.</summary>
    private static async Task PromoteUnderLoad(LiveRun run)
    {
        IReadOnlyList<GenerationRecord> made;
        await using (RunStore store = await run.OpenStore())
        {
            made = await store.Generations(LiveRun.Domain);
        }

        Assert.Equal([made[0].Weights], (await Ask(run, 8)).Distinct()); // a new generation answers nobody by itself
        await Promotion.Promote(run.Path, LiveRun.Domain, 1, 0.5, Now, default);
        await AskUntil(run, weights => weights.Distinct().Order().SequenceEqual(new[] { made[0].Weights, made[1].Weights }.Order()));
        await Promotion.Promote(run.Path, LiveRun.Domain, 1, 1, Now, default);
        await AskUntil(run, weights => weights.All(one => one == made[1].Weights));
        await Promotion.RollBack(run.Path, LiveRun.Domain, Now, default);
        int asked = await AskUntil(run, weights => weights.All(one => one == made[0].Weights));

        await using RunStore after = await run.OpenStore();
        Trace[] traces = [.. (await after.LiveTraces(LiveRun.Domain)).Where(trace => trace.Id.Task.Number == TaskCount)]; // the task after those of the traffic
        Assert.True(traces.Length >= asked);
        Assert.Equal(traces.Select(trace => made[trace.Id.Generation].Weights), traces.Select(trace => trace.BehaviourWeights));
        foreach (Trace trace in traces.GroupBy(trace => trace.Id.Generation).SelectMany(group => group.Take(3)))
            Assert.Equal(trace.LogProbs, LiveTraceTests.Recomputed(run, trace), (given, found) => Math.Abs(given - found) < 0.02);
    }

    /// <summary>Asks again and again, eight at a time, until those who answer are the wanted ones.</summary>
    private static async Task<int> AskUntil(LiveRun run, Func<IReadOnlyList<string>, bool> isSo)
    {
        for (int rounds = 1; rounds < 1000; rounds++)
        {
            if (isSo(await Ask(run, 8)))
                return 8 * rounds;
        }

        throw new TimeoutException("the gateway does not follow");
    }

    private static async Task<IReadOnlyList<string>> Ask(LiveRun run, int count)
    {
        GatewayReply[] replies = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => run.Ask(LiveRun.Problem, "\"temperature\":1")));
        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
        return [.. replies.Select(reply => reply.Body!["system_fingerprint"]!.GetValue<string>())];
    }

    private static async Task<NextReport> Next(LiveRun run, string curator, IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        using RunFolder folder = RunFolder.Resume(run.Path);
        var policies = new LocalPolicyFactory(threads: 2);
        var parts = new RunParts(policies, TrainerCatalog.Create(folder.Settings, policies, threads: 2), observer ?? new SilentObserver(), TimeProvider.System);
        return await NextGeneration.Make(folder, LiveRun.Domain, curator, parts, cancellation);
    }

    private static async Task<double> ValidShare(LiveRun run, int generation)
    {
        await using RunStore store = await run.OpenStore();
        HashSet<TraceId> learnt = [.. (await store.Curated(LiveRun.Domain))[generation]];
        Trace[] live = [.. (await store.LiveTraces(LiveRun.Domain)).Where(trace => learnt.Contains(trace.Id))];
        return live.Average(trace => trace.Outcome == Outcome.Valid ? 1.0 : 0);
    }

    /// <summary>Ctrl-C as a generation's deployment begins.</summary>
    private sealed class StopsAt(int generation, CancellationTokenSource stop) : IRunObserver
    {
        public void Report(PhaseProgress value)
        {
            if (value.Generation == generation && value.Phase == RunPhase.Deploy)
                stop.Cancel();
        }

        public void Finished(string domain, GenerationSummary generation)
        {
        }
    }
}
