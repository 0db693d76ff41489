using System.Collections.Concurrent;
using System.Data.Common;
using System.Reflection;
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

        await using DbCommand statement = Prepared(sql, transaction);
        Column<T>[] columns = ColumnsOf<T>(sql);
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

        await using DbCommand statement = Prepared(sql, transaction);
        Column<T>[] columns = ColumnsOf<T>(sql);
        foreach (T row in rows)
        {
            Fill(statement, columns, row);
            await Read(statement, changed);
        }

        return changed;
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

    private static DbCommand Prepared(string sql, DbTransaction transaction)
    {
        DbCommand command = transaction.Connection!.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        foreach (string name in Names(sql))
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static void Fill<T>(DbCommand command, Column<T>[] columns, T row)
    {
        for (int i = 0; i < columns.Length; i++)
            command.Parameters[i].Value = columns[i].Of(row) ?? DBNull.Value;
    }

    private static Column<T>[] ColumnsOf<T>(string sql) => [.. Names(sql).Select(Column<T>.Named)];

    private static IEnumerable<string> Names(string sql) => Parameter().Matches(sql).Select(match => match.Groups["name"].Value);

    [GeneratedRegex("@(?<name>[A-Z][A-Za-z]*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();

    /// <summary>A property of rows.</summary>
    private abstract class Column<T>
    {
        private static readonly ConcurrentDictionary<string, Column<T>> Known = new(StringComparer.Ordinal);

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
