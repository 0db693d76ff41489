using Outerloop.Configuration;
using Outerloop.Planning.Domains;

namespace Outerloop.Tasks;

/// <summary>
/// Draws the task sets of a domain. No two tasks of a run are the same up to the names of their objects, so that
/// nothing held out is in the pool under other names. Held-out and larger tasks are drawn first: they stay the same
/// when the pool's size changes.
/// </summary>
public sealed class TaskGenerator(PlanningDomain domain, Seed seed)
{
    private const int PatienceWithDuplicates = 2000;

    private readonly HashSet<string> _fingerprints = [];

    /// <summary>The sets in the order in which they are drawn.</summary>
    public static IReadOnlyList<TaskSet> Order { get; } = [TaskSet.HeldOut, TaskSet.Larger, TaskSet.Pool];

    public IReadOnlyList<PlanningTask> DrawAll(RunSettings settings) =>
    [
        .. Order.SelectMany(set => Draw(set, set switch
        {
            TaskSet.HeldOut => settings.HeldOut,
            TaskSet.Larger => settings.Larger,
            _ => settings.Tasks,
        })),
    ];

    /// <exception cref="InputException">There are not so many distinct tasks of these sizes.</exception>
    private IEnumerable<PlanningTask> Draw(TaskSet set, int count)
    {
        Random random = seed.Then("tasks").Then(domain.Name).Then((long)set).ToRandom();
        SizeRanges sizes = set == TaskSet.Larger ? domain.LargerSizes : domain.PoolSizes;
        for (int number = 0; number < count; number++)
            yield return DrawNew(new TaskId(domain.Name, set, number), sizes, random);
    }

    private PlanningTask DrawNew(TaskId id, SizeRanges sizes, Random random)
    {
        for (int attempt = 0; attempt < PatienceWithDuplicates; attempt++)
        {
            string name = $"{domain.Name}-{id.Set.ToString().ToLowerInvariant()}-{id.Number}";
            PlanningTask task = PlanningTask.Read(id, domain.GenerateProblem(name, sizes, random), domain.Domain);
            if (_fingerprints.Add(task.Fingerprint))
                return task;
        }

        throw new InputException(
            $"{domain.Name} has no more than about {_fingerprints.Count} distinct tasks of sizes {sizes}; ask for fewer");
    }
}
