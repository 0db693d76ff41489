using Outerloop.Gateway.Dashboard.Api;
using Outerloop.Reporting;
using static System.FormattableString;

namespace Outerloop.Gateway.Dashboard.Pages;

/// <summary>Two generations against each other.</summary>
internal static class ComparePage
{
    /// <param name="runs">Whose generations can be chosen.</param>
    /// <param name="first">What the reader chose; null for nothing yet, and then the first domain's ends are offered.</param>
    /// <param name="second">And this against it.</param>
    /// <param name="comparison">Of both; null where there is none.</param>
    /// <param name="problem">Why there is none.</param>
    public static Html Body(IReadOnlyList<ShownSummary> runs, string? first, string? second, ComparisonView? comparison, string? problem)
    {
        string[][] sides = [.. from run in runs from domain in run.Domains where domain.Generation is not null select Enumerable.Range(0, domain.Generation!.Value + 1).Select(generation => Invariant($"{run.Name}/{domain.Domain}/{generation}")).ToArray()];
        string[] all = [.. sides.SelectMany(side => side)];
        return Html.Of($"""
            {Parts.Form("Generations to compare", Html.Of($"{Parts.Select("First", "first", first ?? all.FirstOrDefault(), all)}{Parts.Select("Second", "second", second ?? sides.FirstOrDefault()?[^1], all)}"))}
            {(problem is null ? default : Html.Of($"<p class=\"note\">{problem}</p>"))}
            {(comparison is null ? default : Result(comparison))}
            """);
    }

    private static Html Result(ComparisonView comparison) => Html.Of($"""
        {Parts.Table(
            $"{comparison.Second} less {comparison.First}, in points of percent of valid samples",
            ["measure", "tasks", "first", "second", "difference", "low", "high", "tasks won", "tasks lost"],
            comparison.Measures.Select(measure => (Html[])
            [
                Parts.Text(measure.Measure), Parts.Number(measure.Difference.Tasks), Parts.Text(Parts.Share(measure.Difference.First)), Parts.Text(Parts.Share(measure.Difference.Second)),
                Html.Of($"<strong>{Parts.Points(measure.Difference.Difference)}</strong>"), Parts.Points(measure.Difference.Low), Parts.Points(measure.Difference.High),
                Parts.Text(measure.Difference.Won is { } won ? Invariant($"{won}") : "not paired"), Parts.Text(measure.Difference.Lost is { } lost ? Invariant($"{lost}") : ""),
            ]),
            "compare")}
        {Html.Concat(comparison.Measures.Select(measure => Tasks(comparison.Second, measure)))}
        """);

    private static Html Tasks(string second, MeasureComparison measure)
    {
        if (measure.Won.Count + measure.Lost.Count == 0)
            return default;
        string[] side = second.Split('/');
        Html Links(IEnumerable<int> numbers) => Html.Concat(numbers.Select(number =>
            Html.Of($"{Parts.Link(Invariant($"/runs/{Uri.EscapeDataString(side[0])}/traces?domain={side[1]}&set={measure.Set}&number={number}"), Invariant($"{number}"))} ")));
        return Html.Of($"""
            <section class="tasks"><h2>{measure.Measure}</h2>
            <dl class="facts"><div><dt>tasks won</dt><dd>{Links(measure.Won)}{Rest(measure.Difference.Won, measure.Won)}</dd></div><div><dt>tasks lost</dt><dd>{Links(measure.Lost)}{Rest(measure.Difference.Lost, measure.Lost)}</dd></div></dl></section>
            """);
    }

    private static string Rest(int? all, IReadOnlyList<int> told) => all > told.Count ? Invariant($"and {all - told.Count} more") : "";
}
