using System.Collections.Concurrent;
using System.Data.Common;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Dapper;
using Npgsql;

namespace Outerloop.Storage;

/// <summary>
/// One statement for many rows, whose properties are its parameters. It has them in one list, <c>VALUES (@Name, @Other)</c>: SQLite
/// runs it row by row; PostgreSQL once, with an array for each column in place of that list, so that a row costs neither a way to the
/// database nor a statement.
/// </summary>
internal static partial class RowStatement
{
    private static readonly ConditionalWeakTable<DbConnection, ConcurrentDictionary<string, DbCommand>> Statements = [];

    public static async Task Execute<T>(string sql, IReadOnlyCollection<T> rows, DbTransaction transaction)
        where T : notnull
    {
        if (rows.Count == 0)
            return;
        if (transaction.Connection is NpgsqlConnection server)
        {
            await using NpgsqlCommand command = OverColumns(sql, rows, server);
            await command.ExecuteNonQueryAsync();
            return;
        }

        DbCommand statement = Kept(sql, transaction);
        Column<T>[] columns = Column<T>.ParametersOf(sql);
        foreach (T row in rows)
        {
            Fill(statement, columns, row);
            await statement.ExecuteNonQueryAsync();
        }
    }

    /// <param name="sql">Ends with <c>RETURNING</c>.</param>
    /// <param name="rows">No two that would change the same row of the table.</param>
    /// <param name="transaction">In which it is done.</param>
    /// <returns>What it returns of the rows that it has changed.</returns>
    public static async Task<IReadOnlyList<TResult>> Query<T, TResult>(string sql, IReadOnlyCollection<T> rows, DbTransaction transaction)
        where T : notnull
    {
        var changed = new List<TResult>(rows.Count);
        if (rows.Count == 0)
            return changed;
        if (transaction.Connection is NpgsqlConnection server)
        {
            await using NpgsqlCommand command = OverColumns(sql, rows, server);
            await Read(command, changed);
            return changed;
        }

        DbCommand statement = Kept(sql, transaction);
        Column<T>[] columns = Column<T>.ParametersOf(sql);
        foreach (T row in rows)
        {
            Fill(statement, columns, row);
            await Read(statement, changed);
        }

        return changed;
    }

    /// <param name="sql">A query with properties of a row as parameters.</param>
    /// <param name="row">Whose values they have.</param>
    /// <param name="transaction">In which it is done.</param>
    public static async Task<IReadOnlyList<TResult>> Select<T, TResult>(string sql, T row, DbTransaction transaction)
        where T : notnull
    {
        if (transaction.Connection is NpgsqlConnection server)
            return [.. await server.QueryAsync<TResult>(sql, row, transaction)];
        DbCommand statement = Kept(sql, transaction);
        Fill(statement, Column<T>.ParametersOf(sql), row);
        var found = new List<TResult>();
        await Read(statement, found);
        return found;
    }

    private static async Task Read<TResult>(DbCommand command, List<TResult> into)
    {
        await using DbDataReader reader = await command.ExecuteReaderAsync();
        if (!reader.HasRows)
            return;
        Func<DbDataReader, TResult> parser = reader.GetRowParser<TResult>();
        while (await reader.ReadAsync())
            into.Add(parser(reader));
    }

    private static NpgsqlCommand OverColumns<T>(string sql, IReadOnlyCollection<T> rows, NpgsqlConnection server)
        where T : notnull
    {
        NpgsqlCommand command = server.CreateCommand();
        command.CommandText = sql.Replace("VALUES (@", "SELECT * FROM unnest(@", StringComparison.Ordinal);
        foreach (string name in Names(sql))
            command.Parameters.AddWithValue(name, Column<T>.Named(name).Of(rows));
        return command;
    }

    /// <summary>A connection's statements live as long as it does: to prepare one costs more than to run it.</summary>
    private static DbCommand Kept(string sql, DbTransaction transaction)
    {
        DbCommand statement = Statements.GetOrCreateValue(transaction.Connection!).GetOrAdd(sql, static (sql, connection) => New(sql, connection), transaction.Connection!);
        statement.Transaction = transaction;
        return statement;
    }

    private static DbCommand New(string sql, DbConnection connection)
    {
        DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (string name in Names(sql))
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = $"@{name}"; // in full: SQLite would try all that may stand before it
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static void Fill<T>(DbCommand command, Column<T>[] columns, T row)
    {
        for (int i = 0; i < columns.Length; i++)
            command.Parameters[i].Value = columns[i].Of(row) ?? DBNull.Value;
    }

    private static IEnumerable<string> Names(string sql) => Parameter().Matches(sql).Select(match => match.Groups["name"].Value).Distinct();

    [GeneratedRegex("@(?<name>[A-Z][A-Za-z]*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();

    /// <summary>A property of rows.</summary>
    private abstract class Column<T>
    {
        private static readonly ConcurrentDictionary<string, Column<T>> Known = new(StringComparer.Ordinal);

        private static readonly ConcurrentDictionary<string, Column<T>[]> KnownOf = new(StringComparer.Ordinal);

        /// <summary>The parameters of a statement.</summary>
        public static Column<T>[] ParametersOf(string sql) => KnownOf.GetOrAdd(sql, static sql => [.. Names(sql).Select(Named)]);

        public static Column<T> Named(string name) => Known.GetOrAdd(name, static property =>
        {
            PropertyInfo found = typeof(T).GetProperty(property)!;
            return (Column<T>)Activator.CreateInstance(typeof(Column<,>).MakeGenericType(typeof(T), found.PropertyType), found)!;
        });

        /// <summary>As an array.</summary>
        public abstract object Of(IReadOnlyCollection<T> rows);

        public abstract object? Of(T row);
    }

    private sealed class Column<T, TValue>(PropertyInfo property) : Column<T>
    {
        private readonly Func<T, TValue> _get = property.GetMethod!.CreateDelegate<Func<T, TValue>>();

        public override object Of(IReadOnlyCollection<T> rows) => rows.Select(_get).ToArray();

        public override object? Of(T row) => _get(row);
    }
}
