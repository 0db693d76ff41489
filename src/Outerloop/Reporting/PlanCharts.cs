using Outerloop.Evaluation;
using static System.FormattableString;

namespace Outerloop.Reporting;

/// <summary>The charts of the plans that the generations write: how long, how varied.</summary>
internal static class PlanCharts
{
    public static IEnumerable<Chart> Of(DomainEvaluation evaluation) =>
    [
        Lengths(evaluation),
        Tails("plan-tails", "on the pool", evaluation, generation => generation.PlanLengths),
        Tails("plan-tails-held-out", "on held-out tasks, three samples each", evaluation, generation => generation.HeldOutPlanLengths),
        Coverage(evaluation), Entropy(evaluation), Mixture(evaluation),
    ];

    private static Chart Lengths(DomainEvaluation evaluation) => new(
        "plan-lengths", "Lengths of valid plans", $"Distribution of the lengths of valid plans. {Longest(evaluation)}",
        "Valid plans on the pool; each row is one generation's share of its plans.",
        "plan-lengths",
        new ChartTable(
            ["generation", "steps", "plans", "share"],
            [
                .. from generation in evaluation.Generations
                   let all = (double)generation.PlanLengths.AtLeast(0)
                   from count in generation.PlanLengths.Counts
                   select (object?[])[generation.Generation, count.Steps, count.Plans, count.Plans / all],
            ]));

    private static Chart Tails(string id, string where, DomainEvaluation evaluation, Func<GenerationEvaluation, PlanLengths> lengths)
    {
        List<(int Generation, PlanLengths Lengths)> rows = [.. evaluation.Generations.Select(generation => (generation.Generation, lengths(generation)))];
        int longest = rows.Select(row => row.Lengths.Max).DefaultIfEmpty().Max();
        int ofBase = rows.Select(row => row.Lengths.Max).FirstOrDefault();
        IEnumerable<string> beyond = rows.Skip(1).Select(row => Invariant($"generation {row.Generation}: {row.Lengths.AtLeast(ofBase + 1)}"));
        return new Chart(
            id, $"Plans of at least so many steps, {where}",
            Invariant($"Valid plans {where} with at least N steps. Longer than generation 0's longest ({ofBase} steps): {string.Join("; ", beyond)}."),
            $"Valid plans {where}; the scale is logarithmic, so that single long plans can be seen.",
            "plan-tails",
            new ChartTable(
                ["generation", "steps", "plans"],
                [
                    .. from row in rows
                       from steps in Enumerable.Range(1, longest)
                       select (object?[])[row.Generation, steps, row.Lengths.AtLeast(steps)],
                ]));
    }

    private static Chart Coverage(DomainEvaluation evaluation)
    {
        var rows = evaluation.Generations.Where(generation => generation.Diversity.Valid > 0).ToList();
        return new Chart(
            "coverage", "What is found, and found again",
            $"Different plans per task ever solved. {string.Join("; ", rows.Select(row => Invariant($"generation {row.Generation}: {row.Diversity.EverSolved} tasks ever solved, {row.Diversity.DistinctPlans} different plans, {row.Diversity.Duplicates} of {row.Diversity.Valid} valid traces known already")))}.",
            "Counts on the pool: tasks ever solved and different plans of them are over all generations so far; traces with a known plan are this generation's.",
            "values-by-generation",
            new ChartTable(
                ["generation", "series", "value"],
                [
                    .. rows.SelectMany(row => (object?[][])
                    [
                        [row.Generation, "tasks ever solved", row.Diversity.EverSolved],
                        [row.Generation, "different plans of them", row.Diversity.DistinctPlans],
                        [row.Generation, "traces with a known plan", row.Diversity.Duplicates],
                    ]),
                ]));
    }

    private static Chart Entropy(DomainEvaluation evaluation)
    {
        string[] grams = ["single actions", "pairs", "triples"];
        var rows = evaluation.Generations.Where(generation => generation.Diversity.Valid > 0).ToList();
        return new Chart(
            "entropy", "Variety of actions",
            $"Entropy of the actions in valid plans, in bits. {string.Join("; ", rows.Select(row => Invariant($"generation {row.Generation}: {string.Join(", ", row.Diversity.Entropies.Select(bits => Invariant($"{bits:0.00}")))}")))} for {string.Join(", ", grams)}.",
            "Bits per action, pair and triple of successive actions (without their objects) in a generation's valid plans on the pool.",
            "values-by-generation",
            new ChartTable(
                ["generation", "series", "value"],
                [.. rows.SelectMany(row => row.Diversity.Entropies.Select((bits, n) => (object?[])[row.Generation, grams[n], bits]))]));
    }

    private static Chart Mixture(DomainEvaluation evaluation) => new(
        "mixture", "What each generation is trained on",
        $"Curated traces by the generation that wrote them. {string.Join("; ", evaluation.Mixture.GroupBy(part => part.Generation).Select(trained => Invariant($"generation {trained.Key}: {string.Join(", ", trained.Select(part => Invariant($"{part.Traces} of generation {part.Source}")))}")))}.",
        "Traces that the curator kept, by the generation that wrote them.",
        "parts-by-generation",
        new ChartTable(
            ["generation", "part", "amount"],
            [.. evaluation.Mixture.Select(part => (object?[])[part.Generation, Invariant($"generation {part.Source}"), part.Traces])]));

    private static string Longest(DomainEvaluation evaluation) =>
        $"Longest: {string.Join("; ", evaluation.Generations.Select(generation => Invariant($"generation {generation.Generation}: {generation.PlanLengths.Max} steps")))}.";
}
