using Outerloop.Evaluation;
using Outerloop.Tasks;
using static System.FormattableString;

namespace Outerloop.Reporting;

/// <summary>The generations beside a classical planner, for scale.</summary>
internal static class PlannerChart
{
    private const string Planner = "planner";

    public static Chart Of(DomainEvaluation evaluation, PlannerReference planner)
    {
        List<(string Who, PlannerScale Scale)> rows =
        [
            .. from generation in evaluation.Generations
               from scale in (IEnumerable<PlannerScale?>)[HeldOut(generation, planner), Larger(generation, planner)]
               where scale is not null
               select (Invariant($"{generation.Generation}"), scale),
            .. from set in (TaskSet[])[TaskSet.HeldOut, TaskSet.Larger]
               let scale = planner.On(set)
               where scale is not null && evaluation.Generations.Count > 0
               select (Planner, scale),
        ];
        return new Chart(
            "planner", "Beside a classical planner",
            $"Plan length over that of a classical planner, and share solved. {string.Join("; ", rows.Where(row => row.Scale.Set == TaskSet.HeldOut).Select(InWords))}.",
            "Steps of valid plans over those of the planner's (nearly the shortest, on larger tasks less so), mean over the tasks that both solve; intervals of 95 % by resampling tasks. Below 1 is shorter. The table has the shares solved, the planner's too.",
            "planner",
            new ChartTable(
                ["who", "set", "share", "steps", "ratio", "low", "high"],
                [.. rows.Select(row => (object?[])[row.Who, NameOf(row.Scale.Set), row.Scale.Share, row.Scale.Steps, row.Scale.Ratio?.Value, row.Scale.Ratio?.Low, row.Scale.Ratio?.High])]));
    }

    private static PlannerScale? HeldOut(GenerationEvaluation generation, PlannerReference planner) =>
        generation.HeldOut is { } heldOut ? planner.Beside(TaskSet.HeldOut, heldOut.AverageAt3.Value, generation.SolvedSteps) : null;

    private static PlannerScale? Larger(GenerationEvaluation generation, PlannerReference planner) =>
        generation.Larger is { } larger ? planner.Beside(TaskSet.Larger, larger.Value, generation.SolvedSteps) : null;

    private static string InWords((string Who, PlannerScale Scale) row) =>
        $"{(row.Who == Planner ? "the planner" : $"generation {row.Who}")}: {InWords(row.Scale)}";

    private static string InWords(PlannerScale scale) => scale.Ratio is { } ratio
        ? Invariant($"{scale.Share:P1} of the held-out samples valid, {ratio.Value:0.00} times the planner's steps")
        : Invariant($"{scale.Share:P1} of the held-out samples valid");

    private static string NameOf(TaskSet set) => set == TaskSet.HeldOut ? "held-out" : "larger";
}
