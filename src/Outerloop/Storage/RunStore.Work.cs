using Dapper;
using Outerloop.Traces;

namespace Outerloop.Storage;

/// <content>
/// The answers that workers owe. A row of <c>work</c> is one that is wanted; it goes when the answer is kept. Whether an answer
/// is the first of its kind is decided by the key of <c>trace</c> alone.
/// </content>
public sealed partial class RunStore
{
    /// <summary>Puts down what workers are to answer; what is down already stays as it is.</summary>
    public async Task Owe(OwedPart part, IEnumerable<TraceId> wanted, CancellationToken cancellation) =>
        await InTransaction(
            async transaction =>
            {
                await RowStatement.Execute(
                    """
                    INSERT INTO work (domain, generation, task_set, number, mode, sample, phase)
                    VALUES (@Domain, @Generation, @TaskSet, @Number, @Mode, @Sample, @Phase)
                    ON CONFLICT (domain, generation, task_set, number, mode, sample) DO NOTHING
                    """,
                    wanted.Select(id => WorkRow.Of(id, part.Phase)).ToList(),
                    transaction);
                await _connection.ExecuteAsync("ANALYZE work", transaction: transaction); // else workers look through all of it for some
            },
            cancellation);

    /// <summary>How many answers are owed.</summary>
    public async Task<long> Owed(OwedPart part) =>
        (await Query<long>("SELECT COUNT(*) FROM work WHERE domain = @Domain AND generation = @Generation AND phase = @Phase", part)).Single();

    /// <summary>Whether a worker holds a lease that has not ended.</summary>
    public async Task<bool> IsAnyoneAtWork() =>
        (await Query<bool>($"SELECT EXISTS (SELECT 1 FROM work WHERE worker IS NOT NULL AND expires >= {_database.Now})", new { })).Single();

    /// <summary>Takes back what no worker has begun.</summary>
    public async Task Withdraw(string domain, int generation, CancellationToken cancellation) =>
        await InTransaction(
            transaction => _connection.ExecuteAsync(
                $"DELETE FROM work WHERE {_database.UnlockedWork($"domain = @domain AND generation = @generation AND {_database.FreeWork}")}",
                new { domain, generation },
                transaction),
            cancellation);

    /// <summary>
    /// Keeps traces that a worker has made. One that the store has already, because another worker was faster, is dropped with
    /// its costs.
    /// </summary>
    /// <param name="traces">In any order.</param>
    /// <param name="costsOf">What those that are kept took.</param>
    /// <param name="cancellation">Before it is begun.</param>
    public async Task AddOwedTraces(
        IEnumerable<Trace> traces, Func<IReadOnlySet<TraceId>, IReadOnlyCollection<Cost>> costsOf, CancellationToken cancellation) =>
        await InTransaction(
            async transaction =>
            {
                // In one order everywhere, so that no two workers wait for each other.
                Trace[] ordered = [.. traces.OrderBy(trace => trace.Id.Task).ThenBy(trace => trace.Id.Mode).ThenBy(trace => trace.Id.Sample)];
                await RowStatement.Execute(
                    """
                    DELETE FROM work WHERE domain = @Domain AND generation = @Generation AND task_set = @TaskSet
                        AND number = @Number AND mode = @Mode AND sample = @Sample
                    """,
                    ordered.Select(trace => WorkRow.Of(trace.Id, "")).ToList(),
                    transaction);
                int[] changed = await Add(ordered, transaction);
                HashSet<TraceId> kept = [.. ordered.Where((_, i) => changed[i] == 1).Select(trace => trace.Id)];
                await Add(costsOf(kept).OrderBy(cost => cost.Phase, StringComparer.Ordinal).ThenBy(cost => cost.Quantity, StringComparer.Ordinal).ToList(), transaction);
            },
            cancellation);

    public Task<string> RunId() => Origin("run", $"{Guid.NewGuid():N}", CancellationToken.None);

    public async Task<string?> Job(string work) => (await Query<string>("SELECT id FROM job WHERE name = @work", new { work })).SingleOrDefault();

    public async Task SetJob(string work, string id, CancellationToken cancellation) =>
        await InTransaction(
            transaction => _connection.ExecuteAsync(
                "INSERT INTO job (name, id) VALUES (@work, @id) ON CONFLICT (name) DO UPDATE SET id = excluded.id", new { work, id }, transaction),
            cancellation);

    public async Task EndJob(string work) =>
        await InTransaction(transaction => _connection.ExecuteAsync("DELETE FROM job WHERE name = @work", new { work }, transaction), CancellationToken.None);
}
