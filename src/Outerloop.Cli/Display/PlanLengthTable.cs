using System.Globalization;
using Outerloop.Evaluation;
using Spectre.Console;

namespace Outerloop.Cli.Display;

/// <summary>How many valid plans have at least so many steps: of one generation, or before and after.</summary>
internal static class PlanLengthTable
{
    private static readonly int[] Steps = [1, 5, 10, 15, 20, 25, 30, 40];

    /// <param name="names">What the rows are called, by the columns of these titles.</param>
    /// <param name="rows">Each with the lengths that its counts are of; several are put side by side with an arrow.</param>
    public static Table Of(string title, IReadOnlyList<string> names, IEnumerable<(string[] Names, IReadOnlyList<PlanLengths> Lengths)> rows)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle(title) };
        foreach (string column in (IEnumerable<string>)[.. names, .. Steps.Select(steps => Text($"{steps}+")), "longest"])
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap());
        foreach ((string[] row, IReadOnlyList<PlanLengths> lengths) in rows)
        {
            string Cell(Func<PlanLengths, int> count) => string.Join(" → ", lengths.Select(count).Select(value => Text($"{value}")));
            table.AddRow([.. row.Select(Markup.Escape), .. Steps.Select(steps => Cell(length => length.AtLeast(steps))), Cell(length => length.Max)]);
        }

        return table;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
