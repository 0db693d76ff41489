using System.Globalization;
using Outerloop.Evaluation;
using Outerloop.Gateway.OpenAi;
using Outerloop.Storage;
using Outerloop.Tasks;

namespace Outerloop.Gateway.Dashboard.Api;

/// <summary>A generation that is compared with another.</summary>
internal sealed record ComparedSide(ShownRun Run, string Domain, int Generation)
{
    /// <param name="shelf">Has the run.</param>
    /// <param name="name">Of the parameter.</param>
    /// <param name="text"><c>RUN/DOMAIN/GENERATION</c>.</param>
    /// <exception cref="ApiException">It is none.</exception>
    public static ComparedSide Read(RunShelf shelf, string name, string? text)
    {
        if (text?.Split('/') is not [var run, var domain, var number] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int generation))
            throw ApiException.Wrong(name, "must be RUN/DOMAIN/GENERATION, long/blocksworld/3 for example");
        ShownRun shown = shelf.Find(run);
        return new ComparedSide(shown, shown.Domain(domain), generation);
    }

    public override string ToString() => $"{Run.Name}/{Domain}/{Generation.ToString(CultureInfo.InvariantCulture)}";
}

/// <summary>How a second generation differs from a first, measure by measure.</summary>
internal sealed record ComparisonView(string First, string Second, IReadOnlyList<MeasureComparison> Measures)
{
    /// <summary>Tasks won or lost that are told one by one, of each measure.</summary>
    private const int TasksTold = 100;

    public static async Task<ComparisonView> Of(ComparedSide first, ComparedSide second)
    {
        RunScores before = await Scores(first), after = await Scores(second);
        Dictionary<string, TaskId> ids = await Ids(second);
        IEnumerable<MeasureComparison> measures = before.To(after).Select(measured => new MeasureComparison(
            measured.Measure.Name,
            DashboardJson.Code(measured.Measure.Set),
            measured.Difference,
            Told(measured, ids, problem => Solved(after, measured, problem) && !Solved(before, measured, problem)),
            Told(measured, ids, problem => Solved(before, measured, problem) && !Solved(after, measured, problem))));
        return new ComparisonView($"{first}", $"{second}", [.. measures]);
    }

    private static IReadOnlyList<int> Told(MeasuredDifference measured, Dictionary<string, TaskId> ids, Func<string, bool> told) => !measured.Difference.Paired ? [] :
        [.. ids.Where(task => task.Value.Set == measured.Measure.Set && told(task.Key)).Select(task => task.Value.Number).Order().Take(TasksTold)];

    private static bool Solved(RunScores scores, MeasuredDifference measured, string problem) =>
        scores.Scores[measured.Measure].TryGetValue(problem, out TaskScore score) && score.Solved;

    private static async Task<RunScores> Scores(ComparedSide side)
    {
        await using RunStore store = await side.Run.OpenToRead(CancellationToken.None);
        return (await store.Generations(side.Domain)).Any(record => record.Number == side.Generation)
            ? await RunScores.Read(store, side.Run.Name, side.Domain, side.Generation)
            : throw new ApiException(404, $"{side.Run.Name} has no generation {side.Generation} of {side.Domain}", code: "generation_not_found");
    }

    /// <summary>By the problem, as the two runs' tasks are compared.</summary>
    private static async Task<Dictionary<string, TaskId>> Ids(ComparedSide side)
    {
        await using RunStore store = await side.Run.OpenToRead(CancellationToken.None);
        var ids = new Dictionary<string, TaskId>();
        foreach ((TaskId id, string problem) in await store.Tasks(side.Domain))
            ids.TryAdd(problem, id);
        return ids;
    }
}

/// <summary>One measure.</summary>
/// <param name="Set">Of the tasks.</param>
/// <param name="Won">Numbers of the first of the tasks that the second alone solves, in the second's run.</param>
/// <param name="Lost">The other way round.</param>
internal sealed record MeasureComparison(string Measure, string Set, ScoreDifference Difference, IReadOnlyList<int> Won, IReadOnlyList<int> Lost);
