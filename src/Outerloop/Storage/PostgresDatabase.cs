using System.Data.Common;
using Npgsql;

namespace Outerloop.Storage;

/// <summary>
/// A store in PostgreSQL, which many machines share. A run's tables are in a schema of their own, which the address names as
/// the connection's search path.
/// </summary>
internal sealed class PostgresDatabase : Database
{
    private readonly NpgsqlConnectionStringBuilder _connection;

    public PostgresDatabase(string address) => _connection = PostgresAddress.Parse(address);

    public override string Name => string.Join(", ", Parts.Where(part => !string.IsNullOrEmpty(part.Value)).Select(part => $"{part.Name} {part.Value}"));

    private (string Name, string? Value)[] Parts =>
        [("PostgreSQL at", _connection.Host), ("database", _connection.Database), ("schema", _connection.SearchPath)];

    public override string Now => "CAST(extract(epoch FROM clock_timestamp()) AS DOUBLE PRECISION)";

    public override string SkipLocked => "FOR UPDATE SKIP LOCKED";

    public override string RecordingLock => "LOCK TABLE completion IN EXCLUSIVE MODE";

    /// <summary>In one transaction, and one process at a time: to make what is there already fails if it was not when the statement began.</summary>
    protected override string Preparation =>
        $"SELECT pg_advisory_xact_lock(hashtext('outerloop')); CREATE SCHEMA IF NOT EXISTS {Quoted(_connection.SearchPath!)}; CREATE TABLE IF NOT EXISTS version (number BIGINT NOT NULL)";

    protected override string MigrationLock => "LOCK TABLE version";

    protected override string ReadVersion => "SELECT COALESCE(MAX(number), 0) FROM version";

    protected override string WriteVersion(int version) => $"INSERT INTO version (number) VALUES ({version})";

    /// <summary>Numbers as wide as SQLite's, and text in SQLite's order.</summary>
    protected override string Translate(string migration) => migration
        .Replace(" INTEGER", " BIGINT", StringComparison.Ordinal)
        .Replace(" BLOB", " BYTEA", StringComparison.Ordinal)
        .Replace(" TEXT", " TEXT COLLATE \"C\"", StringComparison.Ordinal);

    /// <summary>PostgreSQL reads a search path as it does names in SQL: without quotes it would lower it.</summary>
    protected override DbConnection Connection() =>
        new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_connection.ToString()) { SearchPath = Quoted(_connection.SearchPath!) }.ToString());

    protected override DbConnection ReadConnection() => Connection();

    protected override string ReadPreparation => "SET default_transaction_read_only = on";

    public override Exception Explain(DbException problem) => problem.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            new InputException($"{Name}: {Words(problem)}; the password is read from PGPASSWORD, or from the file that PGPASSFILE names", problem),
        PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege => new InputException($"{Name}: {Words(problem)}", problem),
        PostgresErrorCodes.DiskFull => new OutsideException($"{Name}: its disk is full; free some space and go on with --resume", problem),
        _ when problem.Message.Contains("password", StringComparison.OrdinalIgnoreCase) =>
            new InputException($"{Name}: {Words(problem)}; the password is read from PGPASSWORD, or from the file that PGPASSFILE names", problem),
        _ => new OutsideException($"{Name}: {Words(problem)}; everything committed is kept, go on with --resume", problem),
    };

    private static string Words(DbException problem) => (problem as PostgresException)?.MessageText ?? problem.InnerException?.Message ?? problem.Message;

    internal static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
