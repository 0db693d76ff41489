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

    /// <summary>Whether any answer is owed.</summary>
    public async Task<bool> Owes(OwedPart part) =>
        (await Query<bool>("SELECT EXISTS (SELECT 1 FROM work WHERE domain = @Domain AND generation = @Generation AND phase = @Phase)", part)).Single();

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
        IReadOnlyCollection<Trace> traces, Func<IReadOnlySet<TraceId>, IReadOnlyCollection<Cost>> costsOf, CancellationToken cancellation) =>
        await InTransaction(
            async transaction =>
            {
                // All workers add in one order, and before they take back what was owed, so that no two wait for each other.
                IReadOnlySet<TraceId> kept = await Add(traces, transaction);
                await RowStatement.Execute(
                    """
                    DELETE FROM work WHERE (domain, generation, task_set, number, mode, sample)
                        IN (VALUES (@Domain, @Generation, @TaskSet, @Number, @Mode, @Sample))
                    """,
                    [.. traces.Select(trace => WorkRow.Of(trace.Id, ""))],
                    transaction);
                await Add(costsOf(kept), transaction);
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
