using System.Data.Common;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Outerloop.Storage;

/// <summary>
/// One statement for many rows, whose properties are its parameters (<c>@Name</c>): sent together where the database takes that, so
/// that a row does not cost the way to it and back.
/// </summary>
internal static partial class RowStatement
{
    /// <returns>How many rows of the table each has changed.</returns>
    public static Task<int[]> Execute<T>(string sql, IReadOnlyCollection<T> rows, DbTransaction transaction)
        where T : notnull
    {
        PropertyInfo[] parameters = [.. Parameter().Matches(sql).Select(match => match.Groups["name"].Value).Distinct().Select(name => typeof(T).GetProperty(name)!)];
        return transaction.Connection!.CanCreateBatch ? Together(sql, rows, parameters, transaction) : OneByOne(sql, rows, parameters, transaction);
    }

    private static async Task<int[]> Together<T>(string sql, IReadOnlyCollection<T> rows, PropertyInfo[] parameters, DbTransaction transaction)
    {
        if (rows.Count == 0)
            return [];
        await using DbBatch batch = transaction.Connection!.CreateBatch();
        batch.Transaction = transaction;
        foreach (T row in rows)
        {
            DbBatchCommand command = batch.CreateBatchCommand();
            command.CommandText = sql;
            foreach (PropertyInfo property in parameters)
                command.Parameters.Add(With(Named(command.CreateParameter(), property), property, row));
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync();
        return [.. batch.BatchCommands.Select(command => command.RecordsAffected)];
    }

    private static async Task<int[]> OneByOne<T>(string sql, IReadOnlyCollection<T> rows, PropertyInfo[] parameters, DbTransaction transaction)
    {
        await using DbCommand command = transaction.Connection!.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        foreach (PropertyInfo property in parameters)
            command.Parameters.Add(Named(command.CreateParameter(), property));

        var changed = new List<int>(rows.Count);
        foreach (T row in rows)
        {
            for (int i = 0; i < parameters.Length; i++)
                With(command.Parameters[i], parameters[i], row);
            changed.Add(await command.ExecuteNonQueryAsync());
        }

        return [.. changed];
    }

    private static DbParameter Named(DbParameter parameter, PropertyInfo property)
    {
        parameter.ParameterName = property.Name;
        return parameter;
    }

    private static DbParameter With<T>(DbParameter parameter, PropertyInfo property, T row)
    {
        parameter.Value = property.GetValue(row) ?? DBNull.Value;
        return parameter;
    }

    [GeneratedRegex("@(?<name>[A-Z][A-Za-z]*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
