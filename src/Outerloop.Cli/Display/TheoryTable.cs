using System.Globalization;
using Outerloop.Theory;
using Spectre.Console;

namespace Outerloop.Cli.Display;

/// <summary>The propositions as tables.</summary>
internal static class TheoryTable
{
    public static void Write(TheoryReport report, IAnsiConsole console)
    {
        string title = Text($"{report.Domain}, generation {report.Generation}, temperature {report.Temperature}");
        console.Write(Of(title, "", [.. Figures(report)]));
        console.Write(Mixture(report.Proposition2));
        console.Write(Clipping(report.Proposition2));
        console.Write(Of("cosine with the ideal update", "departure", [.. Directions(report.Update)]));
    }

    private static IEnumerable<(string Name, string Value)> Figures(TheoryReport report)
    {
        (Proposition1 first, Proposition2 second) = (report.Proposition1, report.Proposition2);
        yield return ("1: cosine of REINFORCE and fine-tuning", Text($"{first.Cosine:0.000000000}"));
        yield return ("1: scale, expected N+/N", Text($"{first.Scale:0.00000000}, {first.ExpectedScale:0.00000000} ({first.Valid}/{first.N})"));
        yield return ("2: difference of the sides", Text($"{second.MaxRelativeError:0.0e+0}"));
        yield return ("2: without the pass rates", Text($"{second.ErrorWithoutPassRates:0.0e+0}"));
        yield return ("2: effective sample size", Text($"{second.EffectiveSampleSize:0.0} of {second.OnPolicy.Valid}"));
        yield return ("2: mean and largest weight", Text($"{second.OnPolicy.MeanWeight:0.000}, {second.OnPolicy.LargestWeight:0.0}"));
        yield return ("2: from this generation's traces alone", Text($"cosine {second.OnPolicy.Cosine:0.0000}, distance {second.OnPolicy.RelativeDistance:0.000}"));
        yield return ("stored log-probabilities, error", Text($"mean {report.StoredLogProbs.Mean:0.0e+0}, largest {report.StoredLogProbs.Largest:0.0e+0}"));
    }

    private static IEnumerable<(string Name, string Value)> Directions(UpdateDirections update)
    {
        (string Name, double? Cosine)[] all =
        [
            ("loss per token of a batch", update.TokenMean), ("loss per token of a trace", update.TraceMean), ("curation", update.Curation),
            ("pooling", update.Pooling), ("pooling and curation", update.PoolingAndCuration), ("one Adam step", update.AdamStep),
            ("all of these", update.Together), ("the whole fine-tuning", update.FineTuning),
        ];
        return all.Select(row => (row.Name, row.Cosine is { } cosine ? Text($"{cosine:0.0000}") : ""));
    }

    private static Table Mixture(Proposition2 second)
    {
        Table table = Columns("2: the mixture", "generation", "traces", "valid", "share", "pass rate", "from all traces");
        foreach (MixedPolicy policy in second.Policies)
            table.AddRow(Text($"{policy.Generation}"), Text($"{policy.Traces}"), Text($"{policy.Valid}"), Text($"{policy.Share:0.000}"), Text($"{policy.PassRate:0.0000}"), Text($"{policy.WeightedPassRate:0.0000}"));
        return table;
    }

    private static Table Clipping(Proposition2 second)
    {
        Table table = Columns("2: weights cut", "limit", "cut", "effective", "cosine", "scale");
        foreach (ClippedEstimate cut in second.Clipping)
            table.AddRow(Text($"{cut.Limit}"), Text($"{cut.Clipped}"), Text($"{cut.EffectiveSampleSize:0.0}"), Text($"{cut.Cosine:0.0000}"), Text($"{cut.Scale:0.0000}"));
        return table;
    }

    private static Table Of(string title, string name, (string Name, string Value)[] rows)
    {
        Table table = Columns(title, name, "");
        foreach ((string what, string value) in rows)
            table.AddRow(what, value);
        return table;
    }

    private static Table Columns(string title, params string[] names)
    {
        var table = new Table { Title = new TableTitle(title), Border = TableBorder.Simple };
        foreach (string name in names)
            table.AddColumn(name);
        return table;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
