using Outerloop.Live;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;
using Outerloop.Verification;

namespace Outerloop.Tests.Storage;

public sealed class LiveAnswersTests : IDisposable
{
    private static readonly PlanningDomain Domain = DomainCatalog.Find("blocksworld")!;

    private static readonly Problem Problem = PddlReader.ReadProblem(new SourceText("p", Domain.GenerateProblem("p", Domain.PoolSizes, new Random(1))), Domain.Domain).Value!;

    private readonly StoreOfTest _stores = new();

    public void Dispose() => _stores.Dispose();

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Answers_of_several_gateways_at_a_time_are_each_the_next_sample_of_their_task(StoreKind kind)
    {
        await using RunStore one = await _stores.Open(kind), other = await _stores.Open(kind);

        async Task Add(RunStore store, string prefix)
        {
            for (int i = 0; i < 20; i++)
                await store.AddAnswers([(Answer($"{prefix}{i}", "a") with { Task = new LiveTask("blocksworld", 0, new PosedProblem(Problem with { Name = $"{prefix}{i}" })) }, Right), (Answer($"{prefix}-{i}", "b\0"), null)], Told);
        }

        await Task.WhenAll(Task.Run(() => Add(one, "x")), Task.Run(() => Add(other, "y")));

        IReadOnlyList<Trace> traces = await one.LiveTraces("blocksworld");
        Assert.Equal(Enumerable.Range(0, 40), traces.Select(trace => trace.Id.Sample));
        Assert.Equal([new TaskId("blocksworld", TaskSet.Live, 0)], traces.Select(trace => trace.Id.Task).Distinct());
        Assert.All(traces, trace => Assert.Equal((Outcome.Valid, "a"), (trace.Outcome, trace.Text)));
        Assert.Equal([1, 2], traces[0].Tokens);
        Assert.Equal([-0.5f, -1], traces[0].LogProbs);
        Assert.Equal(80, await one.Answers());
        Assert.Equal(traces[0].Id.Task, (await one.TraceOf(new AnswerId("x0", 0)))!.Value.Task);
        Assert.Equal(default(TraceId), await one.TraceOf(new AnswerId("x-0", 0)));
        Assert.Null(await one.TraceOf(new AnswerId("x0", 1)));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task An_answer_that_is_there_already_keeps_all_that_come_with_it_out(StoreKind kind)
    {
        await using RunStore store = await _stores.Open(kind);
        await store.AddAnswers([(Answer("x", "a"), null)], Told);

        await Assert.ThrowsAsync<OutsideException>(() => store.AddAnswers([(Answer("y", "b"), null), (Answer("x", "b"), null)], Told));

        Assert.Equal(1, await store.Answers());
    }

    /// <summary>What a transaction has found counts only once it is committed.</summary>
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_task_of_a_transaction_that_failed_is_none_of_the_store(StoreKind kind)
    {
        await using RunStore store = await _stores.Open(kind);
        var task = new LiveTask("blocksworld", 0, new PosedProblem(Problem));
        await store.AddAnswers([(Answer("x", "a"), null)], Told);

        await Assert.ThrowsAsync<OutsideException>(() => store.AddAnswers([(Answer("y", "a") with { Task = task }, Right), (Answer("x", "a"), null)], Told));
        Assert.Empty(await store.Tasks("blocksworld"));
        await store.AddAnswers([(Answer("y", "a") with { Task = task }, Right), (Answer("z", "a") with { Task = task }, Right)], Told);

        Assert.Equal(task.Problem.Text, Assert.Single(await store.Tasks("blocksworld")).Problem);
        Assert.Equal([0, 1], (await store.LiveTraces("blocksworld")).Select(trace => trace.Id.Sample));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Several_gateways_give_each_of_many_tasks_one_number_and_its_answers_samples_without_gaps(StoreKind kind)
    {
        const int Gateways = 3, Batches = 15;
        Problem[] problems = [.. Enumerable.Range(0, 6).Select(i => PddlReader.ReadProblem(new SourceText("p", Domain.GenerateProblem("p", Domain.PoolSizes, new Random(i))), Domain.Domain).Value!)];

        async Task<int> Record(int gateway)
        {
            await using RunStore store = await _stores.Open(kind);
            var random = new Random(gateway);
            int given = 0;
            for (int batch = 0; batch < Batches; batch++)
            {
                (LiveAnswer, Judgement?)[] answers = [.. Enumerable.Range(0, random.Next(1, 5)).Select(i =>
                    (Answer($"{gateway}-{batch}-{i}", "a") with { Task = new LiveTask("blocksworld", random.Next(2), new PosedProblem(problems[random.Next(problems.Length)] with { Name = $"p{gateway}{i}" })) }, (Judgement?)Right))];
                await store.AddAnswers(answers, Told);
                given += answers.Length;
            }

            return given;
        }

        int all = (await Task.WhenAll(Enumerable.Range(0, Gateways).Select(gateway => Task.Run(() => Record(gateway))))).Sum();

        await using RunStore read = await _stores.Open(kind);
        Assert.Equal(problems.Length, (await read.Tasks("blocksworld")).Count);
        IReadOnlyList<Trace> traces = await read.LiveTraces("blocksworld");
        Assert.Equal(all, traces.Count);
        Assert.All(
            traces.GroupBy(trace => (trace.Id.Task, trace.Id.Generation)),
            answers => Assert.Equal(Enumerable.Range(0, answers.Count()), answers.Select(trace => trace.Id.Sample)));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Feedback_and_decisions_are_added_and_the_last_ones_count(StoreKind kind)
    {
        await using RunStore store = await _stores.Open(kind);
        await store.AddAnswers([(Answer("x", "a") with { Task = new LiveTask("blocksworld", 0, new PosedProblem(Problem)) }, Right)], Told);
        await store.AddFeedback(new Feedback(new AnswerId("x", 0), Accepted: true), DateTimeOffset.UnixEpoch, correction: null, default);
        await store.AddFeedback(new Feedback(new AnswerId("x", 0), Accepted: false) { Correction = "\0", Comment = "c", Key = "k" }, DateTimeOffset.UnixEpoch.AddSeconds(1), Outcome.Malformed, default);
        await store.Decide("blocksworld", new DeploymentDecision(0, 1, 1, "begin"), default);
        await store.Decide("blocksworld", new DeploymentDecision(1, 0.1, 2, "try"), default);

        Assert.False(Assert.Single(await store.Verdicts("blocksworld")).Value);
        Assert.Equal([new(0, 1, 1, "begin"), new(1, 0.1, 2, "try")], await store.Decisions("blocksworld"));
        Assert.Empty(await store.Decisions("ferry"));
    }

    private static Judgement Right { get; } = new(Outcome.Valid, PlanSteps: 1);

    private static Judgement Told(TraceId id, Judgement truth) => truth;

    private static LiveAnswer Answer(string id, string text) => new()
    {
        Id = new AnswerId(id, 0),
        Time = DateTimeOffset.UnixEpoch,
        Model = "m",
        Weights = "w",
        Temperature = 1,
        Finish = "stop",
        Prompt = [7, 8],
        Text = text,
        Tokens = [1, 2],
        LogProbs = [-0.5f, -1],
        SamplingLogProbs = [-0.5f, -1],
    };
}
