using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Tests.Storage;

public sealed class RunStoreTests : IDisposable
{
    private readonly StoreOfTest _stores = new();

    public void Dispose() => _stores.Dispose();

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_trace_is_read_back_as_it_was_kept(StoreKind kind)
    {
        Trace kept = SomeTrace.Of(3, generation: 2, outcome: Outcome.Invalid, text: "naïve 🧱 'plan' \"\\") with { FailingStep = 4, Reason = "precondition", Message = "clear(b1)" };
        await using (RunStore store = await _stores.Open(kind))
            await store.AddTraces([kept, SomeTrace.Of(4, generation: 2)], [], default);

        await using RunStore again = await _stores.Open(kind);
        Trace read = (await again.Traces("blocksworld", TaskSet.Pool, 0, 9))[0];
        Assert.Equal(kept with { Tokens = [], LogProbs = [], SamplingLogProbs = [] }, read with { Tokens = [], LogProbs = [], SamplingLogProbs = [] });
        Assert.Equal(kept.Tokens, read.Tokens);
        Assert.Equal(kept.LogProbs, read.LogProbs);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Outlines_are_the_traces_without_their_tokens(StoreKind kind)
    {
        Random random = new Seed(1).ToRandom();
        Outcome[] outcomes = Enum.GetValues<Outcome>();
        Trace[] kept =
        [
            .. Enumerable.Range(0, 3000).Select(i => SomeTrace.Of(i / 3, random.Next(2), i % 3, outcomes[random.Next(outcomes.Length)], steps: random.Next(9), text: $"pickup b{random.Next(2000)}", mode: i % 2 == 0 ? SampleMode.Greedy : SampleMode.Sampled) with
            {
                FailingStep = random.Next(2) == 0 ? null : random.Next(9),
                Reason = random.Next(2) == 0 ? null : "precondition",
                Message = random.Next(2) == 0 ? null : $"naïve {random.Next(2000)}",
                ReasoningTokens = random.Next(9),
            }),
        ];
        await using RunStore store = await _stores.Open(kind);
        await store.AddTraces([.. kept, SomeTrace.Of(0, mode: SampleMode.Extra), SomeTrace.Of(1, mode: SampleMode.Live)], [], default);

        IEnumerable<Trace> traces = (await store.Traces("blocksworld", TaskSet.Pool, 0, 1)).Select(trace => trace with { Tokens = [], LogProbs = [], SamplingLogProbs = [] });
        Assert.Equal(traces, await store.Outlines("blocksworld", TaskSet.Pool, 0, 1));
        Assert.Equal([SampleMode.Extra], (await store.ExtraOutlines("blocksworld", TaskSet.Pool, 0)).Select(trace => trace.Id.Mode));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_no_database_can_hold_of_a_text_is_marked_and_the_rest_is_kept(StoreKind kind)
    {
        await using RunStore store = await _stores.Open(kind);
        await store.AddTraces([SomeTrace.Of(1, text: "a\0b\ud800c") with { Message = "\0" }], [], default);
        Trace read = Assert.Single(await store.Traces("blocksworld", TaskSet.Pool, 0, 0));
        Assert.Equal(("a\ufffdb\ufffdc", "\ufffd"), (read.Text, read.Message));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Everything_of_a_run_is_read_back(StoreKind kind)
    {
        await using RunStore store = await _stores.Open(kind);
        var made = new GenerationRecord(1, "weights", "base", 7, 40, 5_000_000_000, 0.1, ValidationLoss: null);
        await store.AddGeneration("blocksworld", made, default);
        await store.SetCurated("blocksworld", 1, [SomeTrace.Of(3).Id, SomeTrace.Of(4).Id], default);
        await store.AddCosts([new Cost("blocksworld", 1, "deploy", "answerTokens", 0.1), new Cost("blocksworld", 1, "deploy", "answerTokens", 0.2)], default);

        Assert.Equal([made], await store.Generations("blocksworld"));
        Assert.Equal([SomeTrace.Of(3).Id, SomeTrace.Of(4).Id], (await store.Curated("blocksworld"))[1]);
        Assert.Equal((0, 1, 2), (await store.Mixture("blocksworld")).Select(part => (part.Source, part.Generation, part.Traces)).Single());
        Assert.Equal(0.1 + 0.2, await store.Total(Quantity.AnswerTokens));
        Assert.Equal(5_000_000_000, await store.Total(Quantity.TrainedTokens));
        Assert.Equal("first", await store.Origin("prompt", "first", default));
        Assert.Equal("first", await store.Origin("prompt", "second", default));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_the_loop_was_told_is_kept_beside_the_truth(StoreKind kind)
    {
        await using RunStore store = await _stores.Open(kind);
        await store.AddTraces([SomeTrace.Of(1, outcome: Outcome.Invalid) with { Accepted = true, GoalShare = 0.75 }, SomeTrace.Of(2) with { Accepted = false }], [], default);
        Assert.Equal(
            [(Outcome.Invalid, true, 0.75), (Outcome.Valid, false, 1)],
            (await store.Traces("blocksworld", TaskSet.Pool, 0, 0)).Select(trace => (trace.Outcome, trace.Accepted, trace.GoalShare)));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_trace_never_changes_and_never_comes_twice(StoreKind kind)
    {
        await using RunStore store = await _stores.Open(kind);
        await store.AddTraces([SomeTrace.Of(1, steps: 4)], [], default);
        await store.AddTraces([SomeTrace.Of(1, steps: 2)], [], default);
        Assert.Equal([4], (await store.Traces("blocksworld", TaskSet.Pool, 0, 0)).Select(trace => trace.PlanSteps));
    }

    [Theory]
    [OnSqlite(Outcome.ModelFailed)]
    [OnSqlite(Outcome.VerifierFailed)]
    [OnPostgres(Outcome.ModelFailed)]
    [OnPostgres(Outcome.VerifierFailed)]
    public async Task Work_that_the_machinery_failed_is_unfinished_and_gives_way_to_a_later_trace(StoreKind kind, Outcome failed)
    {
        await using RunStore store = await _stores.Open(kind);
        await store.AddTraces([SomeTrace.Of(1, outcome: failed), SomeTrace.Of(2)], [], default);
        Assert.Equal([SomeTrace.Of(2).Id], await store.FinishedWork("blocksworld", 0));

        await store.AddTraces([SomeTrace.Of(1, outcome: Outcome.Valid)], [], default);
        Assert.Equal([Outcome.Valid, Outcome.Valid], (await store.Traces("blocksworld", TaskSet.Pool, 0, 0)).Select(trace => trace.Outcome));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Times_add_up_over_attempts(StoreKind kind)
    {
        await using RunStore store = await _stores.Open(kind);
        await store.AddSeconds(new PhaseTime("blocksworld", 1, "deploy", 1.5), default);
        await store.AddSeconds(new PhaseTime("blocksworld", 1, "deploy", 2), default);
        Assert.Equal(3.5, Assert.Single(await store.Seconds("blocksworld")).Seconds);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_store_that_several_open_at_once_is_made_once(StoreKind kind)
    {
        RunStore[] stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _stores.Open(kind))));
        foreach (RunStore store in stores)
        {
            await store.AddTraces([SomeTrace.Of(1)], [], default);
            await store.DisposeAsync();
        }
    }
}
