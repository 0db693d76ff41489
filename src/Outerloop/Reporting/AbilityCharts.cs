using Outerloop.Evaluation;
using static System.FormattableString;

namespace Outerloop.Reporting;

/// <summary>The charts of what the generations can do: shares of tasks with their intervals.</summary>
internal static class AbilityCharts
{
    private const string Shares = "shares-by-generation";

    public static IEnumerable<Chart> Of(DomainEvaluation evaluation) =>
        [Solved(evaluation), HeldOut(evaluation), PassCurves(evaluation), Differences(evaluation), Changes(evaluation), Sizes(evaluation)];

    private static Chart Solved(DomainEvaluation evaluation)
    {
        List<(string Series, int Generation, Estimate Share)> points = [];
        foreach (GenerationEvaluation generation in evaluation.Generations)
        {
            Add(points, "pool", generation.Generation, generation.Pool);
            Add(points, "larger", generation.Generation, generation.Larger);
        }

        return new Chart(
            "solved", "Tasks solved", $"Share of tasks solved by generation. {InWords(points)}",
            "Tasks with at least one valid trace at the deployment's temperature; bars are Wilson intervals of 95 %.", Shares, Table(points));
    }

    private static Chart HeldOut(DomainEvaluation evaluation)
    {
        List<(string Series, int Generation, Estimate Share)> points = [];
        foreach (GenerationEvaluation generation in evaluation.Generations)
        {
            Add(points, "greedy", generation.Generation, generation.HeldOut?.Greedy);
            Add(points, "average@3", generation.Generation, generation.HeldOut?.AverageAt3);
            Add(points, "pass@3", generation.Generation, generation.HeldOut?.PassAt3);
            Add(points, "unanimous@3", generation.Generation, generation.HeldOut?.UnanimousAt3);
        }

        return new Chart(
            "ability", "Sharpening or ability", $"Shares of held-out tasks solved by generation. {InWords(points)}",
            "Held-out tasks. Sharpening lifts average@3 towards the base's greedy share and pass@3; new ability lifts those two as well.",
            Shares, Table(points));
    }

    private static Chart PassCurves(DomainEvaluation evaluation)
    {
        var points = evaluation.Generations.SelectMany(generation => generation.PassCurve.Select(point => (generation.Generation, Point: point))).ToList();
        IEnumerable<string> ends = points.GroupBy(point => point.Generation).Select(curve =>
            Invariant($"generation {curve.Key}: {curve.First().Point.Pass.Value:P1} at 1, {curve.Last().Point.Pass.Value:P1} at {curve.Last().Point.K}"));
        return new Chart(
            "pass-at-k", "pass@k", $"Probability that one of k samples solves a held-out task. {string.Join("; ", ends)}.",
            "Held-out tasks, unbiased estimate from all samples in the store (outerloop evaluate adds more); bands are intervals of 95 % by resampling tasks.",
            "pass-at-k",
            new ChartTable(
                ["generation", "k", "tasks", "share", "low", "high"],
                [.. points.Select(point => (object?[])[point.Generation, point.Point.K, point.Point.Tasks, point.Point.Pass.Value, point.Point.Pass.Low, point.Point.Pass.High])]));
    }

    private static Chart Differences(DomainEvaluation evaluation)
    {
        var rows = evaluation.Generations
            .SelectMany(generation => generation.SinceBase.Select(measured => (generation.Generation, Measure: measured.Measure.Name, measured.Difference)))
            .ToList();
        IEnumerable<string> last = rows.Where(row => row.Generation == evaluation.Generations[^1].Generation).Select(row =>
            Invariant($"{row.Measure} {100 * row.Difference.Difference:+0.0;-0.0;0.0} [{100 * row.Difference.Low:+0.0;-0.0;0.0}, {100 * row.Difference.High:+0.0;-0.0;0.0}]"));
        return new Chart(
            "differences", "Against generation 0", $"Difference to generation 0 in points of percent. Last generation: {string.Join("; ", last)}.",
            "Difference in the share of valid samples, task by task; intervals of 95 % by resampling tasks in pairs.",
            "differences",
            new ChartTable(
                ["generation", "measure", "tasks", "difference", "low", "high", "won", "lost"],
                [.. rows.Select(row => (object?[])[row.Generation, row.Measure, row.Difference.Tasks, row.Difference.Difference, row.Difference.Low, row.Difference.High, row.Difference.Won, row.Difference.Lost])]));
    }

    private static Chart Changes(DomainEvaluation evaluation)
    {
        var pool = evaluation.Generations
            .SelectMany(generation => generation.SincePrevious.Where(measured => measured.Measure == Measure.Pool).Select(measured => (generation.Generation, measured.Difference)))
            .ToList();
        return new Chart(
            "changes", "Tasks won and lost",
            $"Pool tasks won and lost from one generation to the next. {string.Join("; ", pool.Select(change => Invariant($"generation {change.Generation}: {change.Difference.Won} won, {change.Difference.Lost} lost")))}.",
            "Pool tasks that a generation solves and the one before did not, and the other way round.",
            "changes",
            new ChartTable(
                ["generation", "change", "tasks"],
                [.. pool.SelectMany(change => (object?[][])[[change.Generation, "won", change.Difference.Won], [change.Generation, "lost", -change.Difference.Lost]])]));
    }

    private static Chart Sizes(DomainEvaluation evaluation)
    {
        var rows = evaluation.Generations.SelectMany(generation => generation.Sizes.Select(score => (generation.Generation, Score: score))).ToList();
        IEnumerable<string> largest = rows.Where(row => row.Score.Solved > 0).GroupBy(row => row.Generation)
            .Select(solved => Invariant($"generation {solved.Key}: {solved.MaxBy(row => row.Score.Order).Score.Size}"));
        return new Chart(
            "sizes", "Solved by size of the task", $"Share of tasks solved by number of objects and generation. Largest size solved: {string.Join("; ", largest)}.",
            "Size is the number of a task's objects; the larger tasks are beyond every size of the pool.",
            "sizes",
            new ChartTable(
                ["generation", "set", "size", "order", "tasks", "solved", "share"],
                [.. rows.Select(row => (object?[])[row.Generation, row.Score.Set == Tasks.TaskSet.Pool ? "pool" : "larger", row.Score.Size, row.Score.Order, row.Score.Tasks, row.Score.Solved, (double)row.Score.Solved / row.Score.Tasks])]));
    }

    private static void Add(List<(string Series, int Generation, Estimate Share)> points, string series, int generation, Estimate? share)
    {
        if (share is not null)
            points.Add((series, generation, share));
    }

    private static ChartTable Table(IEnumerable<(string Series, int Generation, Estimate Share)> points) => new(
        ["generation", "series", "share", "low", "high"],
        [.. points.Select(point => (object?[])[point.Generation, point.Series, point.Share.Value, point.Share.Low, point.Share.High])]);

    private static string InWords(IEnumerable<(string Series, int Generation, Estimate Share)> points) => string.Join("; ", points.GroupBy(point => point.Series).Select(line =>
        Invariant($"{line.Key} from {line.First().Share.Value:P1} in generation {line.First().Generation} to {line.Last().Share.Value:P1} in generation {line.Last().Generation}"))) + ".";
}
