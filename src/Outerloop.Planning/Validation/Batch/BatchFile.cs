namespace Outerloop.Planning.Validation;

/// <summary>
/// Reads the rows of a batch: a line a plan, with the columns domain, problem and plan between tabs. Further columns are
/// ignored, and so are blank lines and a first line that names the columns. Paths are relative to the batch's own folder.
/// </summary>
public static class BatchFile
{
    private static readonly string[] Columns = ["domain", "problem", "plan"];

    /// <param name="lines">The lines of the batch.</param>
    /// <param name="file">How messages name the batch.</param>
    /// <param name="folder">The folder that paths are relative to.</param>
    public static IEnumerable<BatchRow> Rows(IEnumerable<string> lines, string file, string folder)
    {
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var cells = line.TrimStart('\uFEFF').Split('\t');
            if (number > 1 || !IsHeader(cells))
                yield return Row(cells, $"{file}:{number}", folder);
        }
    }

    private static bool IsHeader(string[] cells) =>
        cells.Length >= Columns.Length && Columns.Zip(cells).All(c => c.First.Equals(c.Second.Trim(), StringComparison.OrdinalIgnoreCase));

    private static BatchRow Row(string[] cells, string place, string folder)
    {
        if (cells.Length < Columns.Length || cells.Take(Columns.Length).Any(string.IsNullOrWhiteSpace))
            return new BatchRow(cells.ElementAtOrDefault(2) ?? "", "", "", "", $"{place}: expected three columns between tabs: domain, problem, plan");
        return new BatchRow(cells[2], Path.Combine(folder, cells[0]), Path.Combine(folder, cells[1]), Path.Combine(folder, cells[2]));
    }
}
