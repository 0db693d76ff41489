using System.Data;
using System.Data.Common;
using Dapper;
using Outerloop.Traces;

namespace Outerloop.Storage;

/// <summary>A phase of a generation in which answers are owed.</summary>
/// <param name="Phase">As the store writes it.</param>
public sealed record OwedPart(string Domain, long Generation, string Phase);

/// <summary>
/// What workers owe, as one of them sees it: it takes answers to give on a lease. A lease that is not extended in time ends, and
/// another worker may take the same answer. It has a connection of its own, because it is asked while answers are committed.
/// </summary>
public sealed class WorkQueue : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Database _database;
    private readonly DbConnection _connection;
    private readonly string _worker;
    private readonly double _lease;
    private TraceId? _last;

    private WorkQueue(Database database, DbConnection connection, string worker, TimeSpan lease)
    {
        _database = database;
        _connection = connection;
        _worker = worker;
        _lease = lease.TotalSeconds;
    }

    private string Free => _database.FreeWork;

    /// <param name="address">Of the store.</param>
    /// <param name="worker">Its name, which no other worker has.</param>
    /// <param name="lease">How long an answer stays its own without word of it.</param>
    /// <param name="cancellation">Stops waiting for the database.</param>
    public static async Task<WorkQueue> Open(string address, string worker, TimeSpan lease, CancellationToken cancellation)
    {
        Database database = Database.At(address);
        return new WorkQueue(database, await database.Open(cancellation), worker, lease);
    }

    /// <summary>Where there is something to be taken; null if nowhere.</summary>
    public OwedPart? Next() => Guarded(() => _connection.QueryFirstOrDefault<OwedPart>(
        $"SELECT domain AS Domain, generation AS Generation, phase AS Phase FROM work WHERE {Free} ORDER BY domain, generation, phase LIMIT 1"));

    /// <summary>Whether any answer is owed, be it by others.</summary>
    public bool IsAnythingOwed() => Guarded(() => _connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM work)"));

    /// <summary>Takes at most so many answers on a lease: those after what it took last, and from the first on when there are none.</summary>
    public IReadOnlyList<TraceId> Take(OwedPart part, int count) => Guarded(() =>
    {
        IReadOnlyList<TraceId> taken = Take(part, count, _last);
        if (taken.Count == 0 && _last is not null)
            taken = Take(part, count, null);
        _last = taken.Count > 0 ? taken[^1] : null;
        return taken;
    });

    /// <summary>Extends all leases of this worker from now on.</summary>
    public void Extend() => Guarded(() => _connection.Execute(
        $"UPDATE work SET expires = {_database.Now} + @lease WHERE {_database.UnlockedWork("worker = @worker")}", new { worker = _worker, lease = _lease }));

    /// <summary>Ends all leases of this worker, so that others need not wait for them.</summary>
    public void GiveBack() => Guarded(() => _connection.Execute(
        $"UPDATE work SET worker = NULL WHERE {_database.UnlockedWork("worker = @worker")}", new { worker = _worker }));

    public void Dispose() => _connection.Dispose();

    /// <param name="after">
    /// Those before it are not looked at: by the end of a deployment these are many that are taken, or done and not yet swept away.
    /// </param>
    private IReadOnlyList<TraceId> Take(OwedPart part, int count, TraceId? after)
    {
        WorkRow? last = after is { } id ? WorkRow.Of(id, part.Phase) : null;
        string later = last is null ? "" : "AND (task_set, number, mode, sample) > (@TaskSet, @Number, @Mode, @Sample)";
        IEnumerable<WorkRow> rows = _connection.Query<WorkRow>(
            $"""
            WITH free AS MATERIALIZED (
                SELECT task_set, number, mode, sample FROM work
                WHERE domain = @Domain AND generation = @Generation AND phase = @Phase {later} AND {Free}
                ORDER BY task_set, number, mode, sample LIMIT @count {_database.SkipLocked})
            UPDATE work SET worker = @worker, expires = {_database.Now} + @lease
            FROM free
            WHERE work.domain = @Domain AND work.generation = @Generation AND work.task_set = free.task_set
                AND work.number = free.number AND work.mode = free.mode AND work.sample = free.sample
            RETURNING work.domain AS Domain, work.generation AS Generation, work.task_set AS TaskSet, work.number AS Number, work.mode AS Mode, work.sample AS Sample
            """,
            new { part.Domain, part.Generation, part.Phase, last?.TaskSet, last?.Number, last?.Mode, last?.Sample, count, worker = _worker, lease = _lease });
        return [.. rows.OrderBy(row => row.TaskSet, StringComparer.Ordinal).ThenBy(row => row.Number).ThenBy(row => row.Mode, StringComparer.Ordinal).ThenBy(row => row.Sample).Select(row => row.Id)];
    }

    private T Guarded<T>(Func<T> query)
    {
        try
        {
            lock (_lock)
            {
                if (_connection.State != ConnectionState.Open)
                    _connection.Open();
                return query();
            }
        }
        catch (DbException problem)
        {
            throw _database.Explain(problem);
        }
    }
}
