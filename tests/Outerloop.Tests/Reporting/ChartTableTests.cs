using System.Globalization;
using FsCheck.Xunit;
using Outerloop.Reporting;
using Outerloop.Tests.Support;

namespace Outerloop.Tests.Reporting;

public sealed class ChartTableTests
{
    [Property]
    public bool A_file_reads_back_what_was_written(string?[] texts, double[] numbers)
    {
        var table = new ChartTable(["name, \"quoted\"", "number"], [.. texts.Zip(numbers, (text, number) => (object?[])[text, number])]);
        IReadOnlyList<string[]> read = CsvText.Read(table.ToCsv());
        return read[0] is ["name, \"quoted\"", "number"]
            && read.Skip(1).Zip(table.Rows).All(pair =>
                pair.First[0] == ((string?)pair.Second[0] ?? "")
                && double.Parse(pair.First[1], CultureInfo.InvariantCulture).Equals((double)pair.Second[1]!))
            && read.Count == table.Rows.Count + 1;
    }
}
