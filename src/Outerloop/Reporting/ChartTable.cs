using System.Collections.Immutable;
using System.Globalization;

namespace Outerloop.Reporting;

/// <summary>
/// The data of a chart. The picture, the table beside it and the CSV file are all made of these rows, so that they cannot
/// disagree.
/// </summary>
/// <param name="Rows">A cell per column: a number, a text, or null where there is nothing.</param>
public sealed record ChartTable(ImmutableArray<string> Columns, IReadOnlyList<object?[]> Rows)
{
    private static readonly char[] Quoted = [',', '"', '\r', '\n'];

    /// <summary>Rows as objects with a member per column, for Vega-Lite.</summary>
    public IEnumerable<Dictionary<string, object?>> Values() =>
        Rows.Select(row => Columns.Zip(row).ToDictionary(cell => cell.First, cell => cell.Second));

    /// <summary>RFC 4180, with a line of column names.</summary>
    public string ToCsv() =>
        string.Concat(Rows.Prepend([.. Columns]).Select(row => string.Join(',', row.Select(cell => Quote(Exact(cell)))) + "\r\n"));

    /// <summary>A cell for a reader: at most four places.</summary>
    public static string Rounded(object? cell) =>
        cell is double number ? number.ToString("0.####", CultureInfo.InvariantCulture) : Exact(cell);

    private static string Exact(object? cell) => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "";

    private static string Quote(string cell) =>
        cell.IndexOfAny(Quoted) < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
