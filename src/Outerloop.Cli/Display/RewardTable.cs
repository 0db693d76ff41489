using System.Globalization;
using Outerloop.Reward;
using Spectre.Console;

namespace Outerloop.Cli.Display;

/// <summary>The implicit reward: effects by generation, and the last generation's keep-probabilities.</summary>
internal static class RewardTable
{
    public static void Write(RewardReport report, IAnsiConsole console)
    {
        console.Write(Effects(report));
        Choosing last = report.Choices[^1];
        Table rates = Columns(Text($"kept for generation {last.Generation}: {last.Kept} of {last.Offered}, {last.Valid} of them valid"), "by", "", "kept", "rate", "95 %");
        foreach (KeepRate rate in last.Rates)
            rates.AddRow(rate.By, rate.Value, Text($"{rate.Kept}/{rate.Offered}"), Text($"{rate.Rate:0.000}"), Text($"{rate.Low:0.000}-{rate.High:0.000}"));
        console.Write(rates);
        if (last.Actions.Length > 0)
            console.Write(Actions(last));
    }

    private static Table Effects(RewardReport report)
    {
        string[] features = [.. report.Choices.OrderByDescending(choice => choice.Effects.Length).SelectMany(choice => choice.Effects.Select(effect => effect.Feature)).Distinct()];
        Table table = Columns($"{report.Domain}, curator {report.Curator}: log-odds of being kept, 95 %", ["generation", .. features]);
        foreach (Choosing choice in report.Choices)
            table.AddRow([Text($"{choice.Generation}"), .. features.Select(feature => Cell(choice.Effects.FirstOrDefault(effect => effect.Feature == feature)))]);
        table.AddRow(["drift", .. features.Select(feature => Cell(report.Drift.FirstOrDefault(drift => drift.Feature == feature)))]);
        return table;
    }

    private static Table Actions(Choosing choice)
    {
        Table table = Columns(Text($"actions, for generation {choice.Generation}"), "action", "log-odds per deviation, 95 %");
        foreach (Effect effect in choice.Actions)
            table.AddRow(effect.Feature, Text($"{effect.PerDeviation:0.00} ({effect.Low * effect.Deviation:0.00}, {effect.High * effect.Deviation:0.00})"));
        return table;
    }

    private static string Cell(Effect? effect) => effect is null ? "" : Text($"{effect.LogOdds:0.00} ({effect.Low:0.00}, {effect.High:0.00})");

    private static string Cell(Drift? drift) => drift is null ? "" : Text($"{drift.Change:0.00} ({drift.Low:0.00}, {drift.High:0.00})");

    private static Table Columns(string title, params string[] names)
    {
        var table = new Table { Title = new TableTitle(title), Border = TableBorder.Simple };
        foreach (string name in names)
            table.AddColumn(name);
        return table;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
