using System.Globalization;
using Spectre.Console;

namespace Outerloop.Cli.Commands.Bench;

/// <summary>What texts take of memory, for people.</summary>
internal static class MemoryTable
{
    public static void Print(List<MemoryMeasurement> measurements, IAnsiConsole console)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (string column in (string[])["text", "verdict", "MB", "peak MB", "times its size"])
            table.AddColumn(column);
        foreach (MemoryMeasurement row in measurements)
            table.AddRow(Markup.Escape(row.Name), row.Verdict, Number(row.Megabytes), Number(row.Peak), Number(row.Ratio));
        console.Write(table);
    }

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
