using System.Globalization;
using Spectre.Console;

namespace Outerloop.Cli.Commands.Bench;

/// <summary>How every measurement is shown: each row as soon as it is known, then all of them as a table or as JSON.</summary>
internal static class BenchReport
{
    /// <summary>Takes rows as they are measured, and says each.</summary>
    public static List<T> Collect<T>(IEnumerable<T> rows, Func<T, string> line, Terminal terminal)
    {
        var all = new List<T>();
        foreach (T row in rows)
        {
            terminal.Say(line(row));
            all.Add(row);
        }

        return all;
    }

    /// <summary>The machine, further lines, and a table.</summary>
    public static void Print(Terminal terminal, IEnumerable<string> lines, string[] columns, IEnumerable<string[]> rows)
    {
        IAnsiConsole console = terminal.OutputConsole();
        var machine = Machine.Here();
        console.WriteLine($"{machine.Processors} processors, {machine.Architecture}, {machine.Framework}, {machine.System}");
        foreach (string line in lines)
            console.WriteLine(line);
        var table = new Table { Border = TableBorder.Simple };
        foreach (string column in columns)
            table.AddColumn(column);
        foreach (string[] row in rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        console.Write(table);
    }

    public static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
