using System.Globalization;
using Outerloop.Planning.Domains;
using Outerloop.Storage;
using Outerloop.Tasks;

namespace Outerloop.Evaluation;

/// <summary>
/// The planner's figures in a file of the run's folder, a task a line, so that the planner works once. A file that is damaged,
/// or of other tasks, is made again.
/// </summary>
public static class PlannerReferenceFile
{
    private const string Columns = "set,number,steps";

    /// <summary>Of the held-out and the larger tasks; null where there is no file and none shall be made.</summary>
    /// <param name="path">The file.</param>
    /// <param name="store">Has the tasks.</param>
    /// <param name="domain">Of the tasks.</param>
    /// <param name="progress">Told how far the planner is where the file must be made; null for not to make it.</param>
    /// <param name="cancellation">Stops the planner.</param>
    public static async Task<PlannerReference?> Read(
        string path, RunStore store, PlanningDomain domain, IProgress<PlannerProgress>? progress, CancellationToken cancellation)
    {
        List<(TaskId Id, string Problem)> tasks = [.. (await store.Tasks(domain.Name)).Where(task => task.Id.Set is TaskSet.HeldOut or TaskSet.Larger)];
        if (Read(path, domain.Name) is { } kept && tasks.Select(task => task.Id).ToHashSet().SetEquals(kept.Steps.Keys))
            return kept;
        if (progress is null)
            return null;
        PlannerReference made = PlannerReference.Solve([.. tasks.Select(task => PlanningTask.Read(task.Id, task.Problem, domain.Domain))], progress, cancellation);
        Keep(path, made);
        return made;
    }

    private static PlannerReference? Read(string path, string domain)
    {
        if (!File.Exists(path))
            return null;
        string[] lines = File.ReadAllText(path).Split('\n');
        var steps = new Dictionary<TaskId, int?>();
        foreach (string line in lines.Skip(1).SkipLast(1))
        {
            if (Parse(line, domain) is not { } task)
                return null;
            steps[task.Id] = task.Steps;
        }

        return lines[0] == Columns ? new PlannerReference(steps) : null;
    }

    private static (TaskId Id, int? Steps)? Parse(string line, string domain)
    {
        if (line.Split(',') is not [var set, var number, var length]
            || !Enum.TryParse(set, ignoreCase: true, out TaskSet tasks)
            || !int.TryParse(number, CultureInfo.InvariantCulture, out int task))
            return null;
        var id = new TaskId(domain, tasks, task);
        return int.TryParse(length, CultureInfo.InvariantCulture, out int steps) ? (id, steps)
            : length.Length == 0 ? (id, null)
            : null;
    }

    /// <summary>Where the folder cannot be written, the planner works again next time.</summary>
    private static void Keep(string path, PlannerReference made)
    {
        IEnumerable<string> lines = made.Steps.OrderBy(task => task.Key).Select(task =>
            string.Create(CultureInfo.InvariantCulture, $"{Code.Of(task.Key.Set)},{task.Key.Number},{task.Value}\n"));
        try
        {
            AtomicFile.Write(path, $"{Columns}\n{string.Concat(lines)}");
        }
        catch (OutsideException)
        {
            return;
        }
    }
}
