using System.Globalization;
using Outerloop.Evaluation;
using Outerloop.Runs;
using Spectre.Console;

namespace Outerloop.Cli.Display;

/// <summary>The figures of a run as a table per domain, a row per generation.</summary>
internal static class SummaryTable
{
    private const int Wide = 120;

    /// <summary>What a narrow terminal has no room for is left out there; JSON has all of it.</summary>
    private static readonly HashSet<string> OnlyWhereWide = ["95 %", "larger", "sampled/s", "trained/s", "seconds"];

    private static readonly (string Title, Func<GenerationSummary, string> Cell)[] Columns =
    [
        ("gen", row => Text($"{row.Generation}")),
        ("pool solved", row => Text($"{Share(row.Solved, row.Tasks):P1}")),
        ("95 %", Interval),
        ("held-out avg/all/any of 3", row => Text($"{100 * row.HeldOut.AverageAt3:0.0}/{100 * row.HeldOut.UnanimousAt3:0.0}/{100 * row.HeldOut.PassAt3:0.0} %")),
        ("greedy", row => Text($"{row.HeldOut.Greedy:P1}")),
        ("larger", row => Text($"{row.Larger.Solved}/{row.Larger.Tasks}")),
        ("plan mean/max", row => Text($"{row.PlanLength.Mean:0.0}/{row.PlanLength.Max}")),
        ("trained on", row => Text($"{row.Curated}")),
        ("sampled/s", row => Rate(row.Tokens.Sampled, row.Seconds.Deploy + row.Seconds.Evaluate)),
        ("trained/s", row => Rate(row.Tokens.Trained, row.Seconds.Train)),
        ("seconds", row => Text($"{row.Seconds.Deploy + row.Seconds.Verify + row.Seconds.Evaluate + row.Seconds.Curate + row.Seconds.Train:0.0}")),
    ];

    public static void Write(RunSummary summary, IAnsiConsole console)
    {
        foreach (DomainSummary domain in summary.Domains)
        {
            console.Write(Of(domain, console.Profile.Width));
            foreach (string line in Lines(domain))
                console.WriteLine(line);
        }
    }

    /// <summary>What it cost, and what is missing from the figures.</summary>
    private static IEnumerable<string> Lines(DomainSummary domain)
    {
        if (domain.Costs.Count == 0)
            yield break;
        PhaseCost all = PhaseCost.Total(domain.Costs);
        yield return Text($"{all.PromptTokens:#,0} tokens read for answers, {all.AnswerTokens:#,0} written, {all.TrainedTokens:#,0} read in training; {all.CpuSeconds:#,0} CPU-seconds");
        if (all.Requests > 0)
            yield return Text($"{all.Requests:#,0} requests to servers, {all.Retries:#,0} of them retries, {all.ServerSeconds:#,0} server-seconds");
        int missing = domain.Generations.Sum(row => row.Outcomes.ModelFailed + row.Outcomes.VerifierFailed);
        if (missing > 0)
            yield return Text($"not counted: {missing:#,0} answers on the pool that the machinery failed to give or to judge; run --resume tries them again");
    }

    private static Table Of(DomainSummary domain, int width)
    {
        var columns = Columns.Where(column => width >= Wide || !OnlyWhereWide.Contains(column.Title)).ToList();
        var table = new Table { Title = new TableTitle(domain.Domain), Border = TableBorder.Simple };
        foreach ((string title, _) in columns)
            table.AddColumn(new TableColumn(title).RightAligned());
        foreach (GenerationSummary row in domain.Generations)
            table.AddRow([.. columns.Select(column => Markup.Escape(column.Cell(row)))]);
        return table;
    }

    private static string Interval(GenerationSummary row)
    {
        (double low, double high) = Wilson.Interval(row.Solved, row.Tasks);
        return Text($"{100 * low:0.0}-{100 * high:0.0}");
    }

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    private static string Rate(long tokens, double seconds) => tokens == 0 || seconds <= 0 ? "" : Text($"{tokens / seconds:0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
