using Dapper;
using Npgsql;

namespace Outerloop.Storage;

/// <summary>
/// Where a store in PostgreSQL is: <c>postgres:Host=db1;Database=runs</c>, or <c>postgres://user@db1:5432/runs</c>. Never with a
/// password: addresses stand in files and command lines, which others can read.
/// </summary>
public static class PostgresAddress
{
    private const string Prefix = "postgres:", SchemaPrefix = "outerloop_";

    /// <summary>PostgreSQL cuts longer names.</summary>
    private const int LongestSchema = 63;

    /// <summary>Whether an address is one in PostgreSQL, and not of a file.</summary>
    public static bool Is(string address) => address.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The address of one run's store in a database.</summary>
    /// <param name="database">As the user gives it.</param>
    /// <param name="run">The run's name.</param>
    /// <exception cref="InputException">It is no such address, holds a password, or the name is too long.</exception>
    public static string OfRun(string database, string run)
    {
        NpgsqlConnectionStringBuilder connection = Parse(database);
        connection.SearchPath = SchemaPrefix + run;
        return connection.SearchPath.Length <= LongestSchema && run.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_.".Contains(letter))
            ? Prefix + connection
            : throw new InputException($"--out: '{run}' cannot name a run in PostgreSQL: at most {LongestSchema - SchemaPrefix.Length} letters, digits, '-', '_' and '.'");
    }

    /// <summary>The names of the runs that a database has, by name.</summary>
    /// <exception cref="OutsideException">The database cannot be reached.</exception>
    public static Task<IReadOnlyList<string>> Runs(string database, CancellationToken cancellation) => Ask<IReadOnlyList<string>>(
        database,
        async connection => [.. (await connection.QueryAsync<string>($"SELECT nspname FROM pg_namespace WHERE starts_with(nspname, '{SchemaPrefix}') ORDER BY nspname")).Select(schema => schema[SchemaPrefix.Length..])],
        cancellation);

    /// <summary>The names of the runs that owe answers to workers.</summary>
    /// <exception cref="OutsideException">The database cannot be reached.</exception>
    public static Task<IReadOnlyList<string>> RunsThatOwe(string database, CancellationToken cancellation) => Ask<IReadOnlyList<string>>(
        database,
        async connection =>
        {
            string[] schemas = [.. await connection.QueryAsync<string>($"SELECT schemaname FROM pg_tables WHERE tablename = 'work' AND starts_with(schemaname, '{SchemaPrefix}') ORDER BY schemaname")];
            if (schemas.Length == 0)
                return [];
            IEnumerable<string> each = schemas.Select((schema, i) => $"SELECT {i} WHERE EXISTS (SELECT 1 FROM {PostgresDatabase.Quoted(schema)}.work)");
            return [.. (await connection.QueryAsync<int>(string.Join(" UNION ALL ", each))).Select(i => schemas[i][SchemaPrefix.Length..])];
        },
        cancellation);

    /// <summary>Deletes the store of a run.</summary>
    /// <exception cref="OutsideException">The database cannot be reached.</exception>
    public static Task Drop(string address, CancellationToken cancellation) =>
        Ask(address, connection => connection.ExecuteAsync($"DROP SCHEMA IF EXISTS {PostgresDatabase.Quoted(Parse(address).SearchPath!)} CASCADE"), cancellation);

    private static async Task<T> Ask<T>(string address, Func<NpgsqlConnection, Task<T>> query, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(Parse(address).ToString());
            await connection.OpenAsync(cancellation);
            return await query(connection);
        }
        catch (NpgsqlException problem)
        {
            throw new PostgresDatabase(address).Explain(problem);
        }
    }

    internal static NpgsqlConnectionStringBuilder Parse(string address)
    {
        string text = Is(address) ? address[Prefix.Length..] : throw Refusal();
        NpgsqlConnectionStringBuilder connection = text.StartsWith("//", StringComparison.Ordinal) ? OfUrl(address) : OfPairs(text);
        if (!string.IsNullOrEmpty(connection.Password) || !string.IsNullOrEmpty(connection.SslPassword))
            throw new InputException("--store: no password here, where others can read it; put it into PGPASSWORD, or into a file that PGPASSFILE names");
        connection.ApplicationName = "outerloop";
        connection.Pooling = false;
        connection.MaxAutoPrepare = 32;
        connection.KeepAlive = 60; // a fine-tuning may leave it idle for hours
        return connection;
    }

    private static NpgsqlConnectionStringBuilder OfPairs(string text)
    {
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(text);
            return string.IsNullOrEmpty(connection.Host) ? throw Refusal() : connection;
        }
        catch (ArgumentException problem)
        {
            throw new InputException($"--store: {problem.Message}", problem);
        }
    }

    private static NpgsqlConnectionStringBuilder OfUrl(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? url) || url.Host.Length == 0 || url.Query.Length > 0)
            throw Refusal();
        string[] user = url.UserInfo.Split(':', 2);
        var connection = new NpgsqlConnectionStringBuilder { Host = url.Host, Password = user.Length > 1 ? user[1] : null };
        if (url.Port > 0)
            connection.Port = url.Port;
        if (user[0].Length > 0)
            connection.Username = Uri.UnescapeDataString(user[0]);
        if (url.AbsolutePath.Length > 1)
            connection.Database = Uri.UnescapeDataString(url.AbsolutePath[1..]);
        return connection;
    }

    /// <summary>Without the address, which may hold a password.</summary>
    private static InputException Refusal() =>
        new("--store: this is not the address of a store; postgres:Host=db1;Database=runs, for example, or postgres://user@db1/runs");
}
