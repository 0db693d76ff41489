using System.Globalization;
using Outerloop.Runs;
using Spectre.Console;

namespace Outerloop.Cli.Display;

/// <summary>What a domain cost: a row for each generation and phase, and their sum.</summary>
internal static class CostTable
{
    private static readonly string[] Titles = ["gen", "phase", "requests", "retries", "failed", "tokens read", "written", "trained", "server s", "CPU s"];

    public static void Write(RunSummary summary, IAnsiConsole console)
    {
        foreach (DomainSummary domain in summary.Domains.Where(domain => domain.Costs.Count > 0))
        {
            var table = new Table { Title = new TableTitle($"{domain.Domain}: costs"), Border = TableBorder.Simple };
            foreach (string title in Titles)
                table.AddColumn(new TableColumn(title).RightAligned());
            foreach (PhaseCost row in domain.Costs)
                table.AddRow(Cells(Text(row.Generation), row));
            table.AddRow(Cells("", PhaseCost.Total(domain.Costs)));
            console.Write(table);
        }
    }

    private static string[] Cells(string generation, PhaseCost row) =>
    [
        generation, row.Phase, Text(row.Requests), Text(row.Retries), Text(row.Failures), Text(row.PromptTokens), Text(row.AnswerTokens),
        Text(row.TrainedTokens), Text(row.ServerSeconds), Text(row.CpuSeconds),
    ];

    private static string Text(double value) => value == 0 ? "" : value.ToString("#,0.#", CultureInfo.InvariantCulture);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
