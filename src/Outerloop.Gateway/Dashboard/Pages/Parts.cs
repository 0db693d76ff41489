using System.Net;
using System.Text.RegularExpressions;
using Outerloop.Reporting;
using static System.FormattableString;

namespace Outerloop.Gateway.Dashboard.Pages;

/// <summary>What pages are put together from.</summary>
internal static class Parts
{
    /// <summary>Rows of a chart's data that are told in the page; all are in its file.</summary>
    private const int MostRows = 200;

    public static Html Table(string caption, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<Html>> rows, string? id = null)
    {
        IReadOnlyList<Html>[] all = [.. rows];
        Html[] kinds = [.. columns.Select((_, i) => new Html(all.Any(row => IsWords(row[i])) ? " class=\"words\"" : ""))];
        return Html.Of($"""
            <div class="table"><div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table{(id is null ? default : Html.Of($" id=\"{id}\""))} data-file="{id ?? "table"}">
            <caption>{caption}</caption>
            <thead><tr>{Html.Concat(columns.Select((column, i) => Html.Of($"<th scope=\"col\"{kinds[i]}>{column}</th>")))}</tr></thead>
            <tbody>{Html.Concat(all.Select(row => Html.Of($"<tr>{Html.Concat(row.Select((cell, i) => i == 0 ? Html.Of($"<th scope=\"row\">{cell}</th>") : Html.Of($"<td{kinds[i]}>{cell}</td>")))}</tr>\n")))}</tbody>
            </table></div></div>
            """);
    }

    /// <summary>Words are read from the left; numbers are compared, and end in one line.</summary>
    private static bool IsWords(Html cell)
    {
        if (cell.Markup is { } markup && markup.StartsWith("<code>", StringComparison.Ordinal))
            return true;
        string text = WebUtility.HtmlDecode(Regex.Replace(cell.Markup ?? "", "<[^>]*>", ""));
        return text.Length > 0 && !char.IsAsciiDigit(text[0]) && text[0] is not ('+' or '-');
    }

    /// <summary>A chart that a script draws: its words, its data as a table and as a file are there without one.</summary>
    /// <param name="run">Whose.</param>
    /// <param name="chart">Of the report.</param>
    /// <param name="generation">Of one alone; null for all.</param>
    public static Html Figure(ShownRun run, Chart chart, int? generation = null)
    {
        string of = generation is null ? "" : Invariant($"?generation={generation}");
        string source = $"{run.Api}/charts/{chart.Id}{of}", file = $"{source}{(of.Length == 0 ? '?' : '&')}format=csv";
        return Html.Of($"""
            <figure>
            <figcaption><h3>{chart.Title}</h3><p>{chart.Note}</p></figcaption>
            <div class="chart" id="{chart.Id}" role="img" aria-label="{chart.Alternative}" data-source="{source}"></div>
            <div class="files"><a href="{file}" download>CSV</a>
            <details><summary>Table</summary>{Data(chart, generation)}</details></div>
            </figure>

            """);
    }

    public static Html Figures(ShownRun run, IEnumerable<Chart> charts, int? generation = null) =>
        Html.Of($"<div class=\"charts\">{Html.Concat(charts.Select(chart => Figure(run, chart, generation)))}</div>");

    /// <summary>A form that asks for the page again; its fields are in the address.</summary>
    public static Html Form(string label, Html fields) =>
        Html.Of($"<form class=\"filters\" method=\"get\" aria-label=\"{label}\">{fields}<button type=\"submit\">Show</button></form>");

    public static Html Field(string label, string name, string? value, string kind = "text") =>
        Html.Of($"<label>{label}<input name=\"{name}\" type=\"{kind}\" value=\"{value}\"{new Html(kind == "number" ? " min=\"0\" class=\"number\"" : "")}></label>");

    /// <summary>A field with a list to choose from.</summary>
    public static Html Select(string label, string name, string? value, IEnumerable<string> choices, string? any = null)
    {
        Html none = any is null ? default : Html.Of($"<option value=\"\">{any}</option>");
        IEnumerable<Html> options = choices.Select(choice => Html.Of($"<option{new Html(choice == value ? " selected" : "")}>{choice}</option>"));
        return Html.Of($"<label>{label}<select name=\"{name}\">{none}{Html.Concat(options)}</select></label>");
    }

    public static Html Tiles(string label, IEnumerable<(string Title, string Value, string Note)> tiles) => Html.Of($"""
        <dl class="tiles" aria-label="{label}">
        {Html.Concat(tiles.Select(tile => Html.Of($"<div><dt>{tile.Title}</dt><dd>{tile.Value}<small>{tile.Note}</small></dd></div>\n")))}
        </dl>
        """);

    public static Html Link(string address, string text) => Html.Of($"<a href=\"{address}\">{text}</a>");

    public static Html Text(string? text) => Html.Of($"{Visible(text)}");

    public static Html Number(long number) => Text(Invariant($"{number:N0}"));

    public static Html Points(double share) => Text(Invariant($"{100 * share:+0.0;-0.0;0.0}"));

    public static string Share(double share) => Invariant($"{100 * share:0.0} %");

    public static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;

    /// <summary>Text in which what would steer a terminal, and nothing else, is shown as a picture of itself.</summary>
    public static string Visible(string? text) => text is null ? "" : string.Concat(text.Select(letter => letter switch
    {
        '\n' or '\t' => letter,
        < ' ' => (char)(letter + 0x2400),
        '\u007f' => '\u2421',
        >= '\u0080' and < '\u00a0' => '\ufffd',
        '\u202a' or '\u202b' or '\u202c' or '\u202d' or '\u202e' or '\u2066' or '\u2067' or '\u2068' or '\u2069' => '\ufffd',
        _ => letter,
    }));

    private static Html Data(Chart chart, int? generation)
    {
        int column = chart.Table.Columns.IndexOf("generation");
        object?[][] rows = [.. chart.Table.Rows.Where(row => generation is null || column < 0 || Equals(row[column], generation)).Take(MostRows + 1)];
        return Table(
            rows.Length > MostRows ? Invariant($"{chart.Title}: the first {MostRows} rows; all are in the file") : chart.Title, chart.Table.Columns,
            rows.Take(MostRows).Select(row => row.Select(cell => Text(ChartTable.Rounded(cell))).ToList()), $"{chart.Id}-data");
    }
}
