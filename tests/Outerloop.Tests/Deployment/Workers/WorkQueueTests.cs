using System.Collections.Concurrent;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Tests.Storage;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Tests.Deployment.Workers;

/// <summary>Leases on what workers owe.</summary>
public sealed class WorkQueueTests : IDisposable
{
    private static readonly OwedPart Part = new("blocksworld", 0, "deploy");

    private readonly StoreOfTest _stores = new();

    public void Dispose() => _stores.Dispose();

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_several_workers_take_at_once_is_taken_by_one_and_nothing_is_left(StoreKind kind)
    {
        await Owe(kind, 300);
        var taken = new ConcurrentBag<TraceId>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            using WorkQueue queue = await _stores.Queue(kind, $"worker {worker}");
            for (IReadOnlyList<TraceId> some; (some = queue.Take(Part, 7)).Count > 0;)
            {
                Assert.InRange(some.Count, 1, 7);
                foreach (TraceId id in some)
                    taken.Add(id);
            }
        })));
        Assert.Equal(Ids(300), taken.Order(Comparer<TraceId>.Create((a, b) => a.Task.CompareTo(b.Task))));
        using WorkQueue late = await _stores.Queue(kind, "late");
        Assert.Null(late.Next());
        Assert.True(late.IsAnythingOwed());
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_lease_that_is_not_extended_ends(StoreKind kind)
    {
        await Owe(kind, 2);
        using WorkQueue dead = await _stores.Queue(kind, "dead", TimeSpan.FromMilliseconds(50)), living = await _stores.Queue(kind, "living");
        Assert.Single(dead.Take(Part, 1));
        Assert.Single(living.Take(Part, 1));
        await Task.Delay(200);
        Assert.Equal([Ids(1)[0]], living.Take(Part, 10));
        dead.Extend();
        Assert.Empty(dead.Take(Part, 10));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_lease_that_is_extended_goes_on(StoreKind kind)
    {
        await Owe(kind, 1);
        using WorkQueue first = await _stores.Queue(kind, "first", TimeSpan.FromSeconds(1)), second = await _stores.Queue(kind, "second");
        Assert.Single(first.Take(Part, 1));
        using WorkQueue renewed = await _stores.Queue(kind, "first", TimeSpan.FromMinutes(5));
        renewed.Extend();
        await Task.Delay(1500);
        Assert.Empty(second.Take(Part, 1));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_is_given_back_is_free_at_once(StoreKind kind)
    {
        await Owe(kind, 3);
        using WorkQueue first = await _stores.Queue(kind, "first"), second = await _stores.Queue(kind, "second");
        first.Take(Part, 2);
        Assert.Single(second.Take(Part, 3));
        first.GiveBack();
        Assert.Equal(Ids(2), second.Take(Part, 3));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_trace_that_comes_after_another_of_its_kind_is_dropped_with_its_costs(StoreKind kind)
    {
        await Owe(kind, 3);
        await using RunStore store = await _stores.Open(kind);
        await Keep(store, SomeTrace.Of(0, steps: 4), SomeTrace.Of(1, steps: 4));
        await Keep(store, SomeTrace.Of(1, steps: 9), SomeTrace.Of(2, steps: 9));
        Assert.Equal([4, 4, 9], (await store.Traces("blocksworld", TaskSet.Pool, 0, 0)).Select(trace => trace.PlanSteps));
        Assert.Equal(3, await store.Total(Quantity.Requests));
        Assert.Equal(0, await store.Owed(Part));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Workers_that_keep_the_same_traces_at_once_keep_each_once(StoreKind kind)
    {
        await Owe(kind, 120);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            await using RunStore store = await _stores.Open(kind);
            foreach (int[] some in Enumerable.Range(0, 120).Select(task => (task + (30 * worker)) % 120).Chunk(10))
                await Keep(store, [.. some.Reverse().Select(task => SomeTrace.Of(task))]);
        })));
        await using RunStore all = await _stores.Open(kind);
        Assert.Equal(120, (await all.Traces("blocksworld", TaskSet.Pool, 0, 0)).Count);
        Assert.Equal(120, await all.Total(Quantity.Requests));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Leases_are_extended_and_withdrawn_while_answers_are_kept_and_nobody_waits_for_each_other(StoreKind kind)
    {
        using WorkQueue queue = await _stores.Queue(kind, "worker");
        await using RunStore store = await _stores.Open(kind), coordinator = await _stores.Open(kind);
        await store.Owe(Part, Ids(1200).Reverse(), default); // in another order in the table than in a worker's commit
        TraceId[] taken = [.. queue.Take(Part, 1200)];
        new Random(7).Shuffle(taken);
        Task keeping = Task.Run(async () =>
        {
            foreach (TraceId[] some in taken.Chunk(60))
                await Keep(store, [.. some.Select(id => SomeTrace.Of(id.Task.Number))]);
        });
        while (!keeping.IsCompleted)
        {
            queue.Extend();
            await coordinator.Withdraw("blocksworld", 0, default);
        }

        await keeping;
        Assert.Equal(1200, await store.Total(Quantity.Requests));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_is_owed_already_stays_with_who_has_taken_it_and_the_rest_can_be_withdrawn(StoreKind kind)
    {
        await Owe(kind, 2);
        using WorkQueue queue = await _stores.Queue(kind, "worker");
        queue.Take(Part, 1);
        await Owe(kind, 3);
        await using RunStore store = await _stores.Open(kind);
        Assert.Equal(3, await store.Owed(Part));
        Assert.True(await store.IsAnyoneAtWork());
        await store.Withdraw("blocksworld", 0, default);
        Assert.Equal(1, await store.Owed(Part));
    }

    private static TraceId[] Ids(int count) => [.. Enumerable.Range(0, count).Select(task => SomeTrace.Of(task).Id)];

    private async Task Owe(StoreKind kind, int count)
    {
        await using RunStore store = await _stores.Open(kind);
        await store.Owe(Part, Ids(count), default);
    }

    private static Task Keep(RunStore store, params Trace[] traces) => store.AddOwedTraces(
        traces, kept => [new Cost("blocksworld", 0, "deploy", "requests", kept.Count), new Cost("blocksworld", 0, "deploy", "answerTokens", 3 * kept.Count)], default);
}
