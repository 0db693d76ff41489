using System.Data.Common;
using Dapper;

namespace Outerloop.Storage;

/// <summary>A database that a store can live in: all in which SQLite and PostgreSQL differ. Everything else is SQL that both know.</summary>
internal abstract class Database
{
    /// <summary>What messages call it.</summary>
    public abstract string Name { get; }

    /// <summary>The time by the database's clock, in seconds since 1970, so that machines need not agree on theirs.</summary>
    public abstract string Now { get; }

    /// <summary>Ends a query for rows to be changed: rows that someone else is changing are passed over.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>Keeps other gateways from recording answers until the transaction ends, so that each finds the next free sample.</summary>
    public abstract string RecordingLock { get; }

    /// <summary>Is true of rows of <c>work</c> that may be taken.</summary>
    public string FreeWork => $"(worker IS NULL OR expires < {Now})";

    /// <summary>
    /// Is true of the rows of <c>work</c> for which a condition holds and which nobody is changing: who changes many rows, in an order
    /// of the database's own, must not wait for a worker that commits, which may wait for one of them.
    /// </summary>
    public string UnlockedWork(string condition) =>
        $"(domain, generation, task_set, number, mode, sample) IN (SELECT domain, generation, task_set, number, mode, sample FROM work WHERE {condition} {SkipLocked})";

    /// <param name="address">A file, or <c>postgres:CONNECTION</c>.</param>
    /// <exception cref="InputException">It is no address.</exception>
    public static Database At(string address) =>
        PostgresAddress.Is(address) ? new PostgresDatabase(address) : new SqliteDatabase(address);

    /// <summary>A connection to a store that has all tables.</summary>
    /// <exception cref="InputException">It is no store, of a newer version of this program, or not to be opened by this user.</exception>
    /// <exception cref="OutsideException">The database cannot be reached.</exception>
    public async Task<DbConnection> Open(CancellationToken cancellation)
    {
        DbConnection connection = Connection();
        try
        {
            await connection.OpenAsync(cancellation);
            await connection.ExecuteAsync(Preparation);
            await Migrate(connection, cancellation);
            return connection;
        }
        catch (Exception problem)
        {
            await connection.DisposeAsync();
            if (problem is DbException refused)
                throw Explain(refused);
            throw;
        }
    }

    /// <summary>A connection that cannot change anything, to a store that has all tables.</summary>
    /// <exception cref="InputException">It is not there, is no store, of a newer version of this program, or not to be opened by this user.</exception>
    /// <exception cref="OutsideException">The database cannot be reached.</exception>
    public async Task<DbConnection> OpenToRead(CancellationToken cancellation)
    {
        DbConnection connection = ReadConnection();
        try
        {
            await connection.OpenAsync(cancellation);
            await connection.ExecuteAsync(ReadPreparation);
            if (await connection.ExecuteScalarAsync<long>(ReadVersion) == Schema.Version)
                return connection;
            await connection.CloseAsync();
            await (await Open(cancellation)).DisposeAsync();
            await connection.OpenAsync(cancellation);
            await connection.ExecuteAsync(ReadPreparation);
            return connection;
        }
        catch (Exception problem)
        {
            await connection.DisposeAsync();
            if (problem is DbException refused)
                throw Explain(refused);
            throw;
        }
    }

    /// <summary>What a failure of the database means to the user.</summary>
    public abstract Exception Explain(DbException problem);

    protected abstract DbConnection Connection();

    protected abstract DbConnection ReadConnection();

    /// <summary>Statements that a new connection for reading begins with.</summary>
    protected abstract string ReadPreparation { get; }

    /// <summary>Statements that a new connection begins with.</summary>
    protected abstract string Preparation { get; }

    /// <summary>Keeps other processes from migrating the store until the transaction ends.</summary>
    protected abstract string MigrationLock { get; }

    protected abstract string ReadVersion { get; }

    protected abstract string WriteVersion(int version);

    /// <summary>A migration in the database's own types.</summary>
    protected virtual string Translate(string migration) => migration;

    private async Task Migrate(DbConnection connection, CancellationToken cancellation)
    {
        for (long version = await connection.ExecuteScalarAsync<long>(ReadVersion); version != Schema.Version; version++)
        {
            if (version > Schema.Version)
                throw new InputException($"{Name}: this run was made by a newer version of outerloop (store version {version}; this program knows up to {Schema.Version}); update the program");
            await using DbTransaction transaction = await connection.BeginTransactionAsync(cancellation);
            await connection.ExecuteAsync(MigrationLock, transaction: transaction);
            if (await connection.ExecuteScalarAsync<long>(ReadVersion, transaction: transaction) != version)
                continue; // another process has just done it
            await connection.ExecuteAsync(Translate(Schema.Migrations[(int)version]), transaction: transaction);
            await connection.ExecuteAsync(WriteVersion((int)version + 1), transaction: transaction);
            await transaction.CommitAsync(cancellation);
        }
    }
}
