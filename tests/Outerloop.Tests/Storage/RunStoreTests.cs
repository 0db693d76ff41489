using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Tests.Storage;

public sealed class RunStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_trace_is_read_back_as_it_was_kept()
    {
        Trace kept = SomeTrace.Of(3, generation: 2, outcome: Outcome.Invalid) with { FailingStep = 4, Reason = "precondition", Message = "clear(b1)" };
        await using (RunStore store = await Open())
            await store.AddTraces([kept, SomeTrace.Of(4, generation: 2)], [], default);

        await using RunStore again = await Open();
        Trace read = (await again.Traces("blocksworld", TaskSet.Pool, 0, 9))[0];
        Assert.Equal(kept with { Tokens = [], LogProbs = [], SamplingLogProbs = [] }, read with { Tokens = [], LogProbs = [], SamplingLogProbs = [] });
        Assert.Equal(kept.Tokens, read.Tokens);
        Assert.Equal(kept.LogProbs, read.LogProbs);
    }

    [Fact]
    public async Task What_the_loop_was_told_is_kept_beside_the_truth()
    {
        await using RunStore store = await Open();
        await store.AddTraces([SomeTrace.Of(1, outcome: Outcome.Invalid) with { Accepted = true, GoalShare = 0.75 }, SomeTrace.Of(2) with { Accepted = false }], [], default);
        Assert.Equal(
            [(Outcome.Invalid, true, 0.75), (Outcome.Valid, false, 1)],
            (await store.Traces("blocksworld", TaskSet.Pool, 0, 0)).Select(trace => (trace.Outcome, trace.Accepted, trace.GoalShare)));
    }

    [Fact]
    public async Task A_store_from_before_verifiers_were_noisy_is_read_as_what_was_told_then()
    {
        await (await Open()).DisposeAsync();
        await using (var connection = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            connection.Open();
            await connection.ExecuteAsync(
                """
                ALTER TABLE trace DROP COLUMN accepted;
                ALTER TABLE trace DROP COLUMN goal_share;
                ALTER TABLE trace DROP COLUMN answer_tokens;
                DROP TABLE cost;
                DROP TABLE origin;
                INSERT INTO trace VALUES ('d', 0, 'pool', 0, 'sampled', 0, 'w', 'valid', 1, NULL, NULL, NULL, 1, 0, '', x'', x'', x'');
                INSERT INTO trace VALUES ('d', 0, 'pool', 1, 'sampled', 0, 'w', 'invalid', 1, NULL, NULL, NULL, 1, 0, '', x'', x'', x'');
                PRAGMA user_version = 2;
                """);
        }

        await using RunStore store = await Open();
        Assert.Equal([(true, 1.0), (false, 0.0)], (await store.Traces("d", TaskSet.Pool, 0, 0)).Select(trace => (trace.Accepted, trace.GoalShare)));
    }

    [Fact]
    public async Task A_trace_never_changes_and_never_comes_twice()
    {
        await using RunStore store = await Open();
        await store.AddTraces([SomeTrace.Of(1, steps: 4)], [], default);
        await store.AddTraces([SomeTrace.Of(1, steps: 2)], [], default);
        Assert.Equal([4], (await store.Traces("blocksworld", TaskSet.Pool, 0, 0)).Select(trace => trace.PlanSteps));
    }

    [Theory]
    [InlineData(Outcome.ModelFailed)]
    [InlineData(Outcome.VerifierFailed)]
    public async Task Work_that_the_machinery_failed_is_unfinished_and_gives_way_to_a_later_trace(Outcome failed)
    {
        await using RunStore store = await Open();
        await store.AddTraces([SomeTrace.Of(1, outcome: failed), SomeTrace.Of(2)], [], default);
        Assert.Equal([SomeTrace.Of(2).Id], await store.FinishedWork("blocksworld", 0));

        await store.AddTraces([SomeTrace.Of(1, outcome: Outcome.Valid)], [], default);
        Assert.Equal([Outcome.Valid, Outcome.Valid], (await store.Traces("blocksworld", TaskSet.Pool, 0, 0)).Select(trace => trace.Outcome));
    }

    [Fact]
    public async Task Times_add_up_over_attempts()
    {
        await using RunStore store = await Open();
        await store.AddSeconds(new PhaseTime("blocksworld", 1, "deploy", 1.5), default);
        await store.AddSeconds(new PhaseTime("blocksworld", 1, "deploy", 2), default);
        Assert.Equal(3.5, Assert.Single(await store.Seconds("blocksworld")).Seconds);
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_refused()
    {
        await (await Open()).DisposeAsync();
        await using (var connection = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            connection.Open();
            await connection.ExecuteAsync("PRAGMA user_version = 999");
        }

        InputException refusal = await Assert.ThrowsAsync<InputException>(Open);
        Assert.Contains("newer version", refusal.Message);
    }

    [Theory]
    [InlineData("this is no database, and long enough to have a header that says so, as SQLite looks at a hundred bytes or so of it before it decides")]
    public async Task A_file_that_is_no_store_is_refused(string content)
    {
        await File.WriteAllTextAsync(Path, content, Encoding.ASCII);
        InputException refusal = await Assert.ThrowsAsync<InputException>(Open);
        Assert.StartsWith($"{Path}: not a store", refusal.Message);
    }

    private string Path => _folder.File("store.sqlite");

    private Task<RunStore> Open() => RunStore.Open(Path, default);
}
