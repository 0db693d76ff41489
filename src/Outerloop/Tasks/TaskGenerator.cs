using Outerloop.Configuration;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Prompting;

namespace Outerloop.Tasks;

/// <summary>
/// Draws the task sets of a domain, no two tasks of which are the same up to the names of their objects. What is held
/// out is not left to the draw: of all tasks there are, the fingerprints of one in six say that it is held out, in every
/// run and from every base. So the pool and the held-out tasks are alike, also where a size has few distinct tasks, and
/// neither depends on how many are drawn of the other.
/// </summary>
public sealed class TaskGenerator(PlanningDomain domain, Seed seed)
{
    private const int PatienceWithDuplicates = 20_000;
    private const int OneHeldOutIn = 6;

    private readonly HashSet<string> _fingerprints = [];

    /// <summary>Whether a task of the pool's sizes is held out, by its fingerprint.</summary>
    public static bool IsHeldOut(string fingerprint) => Convert.ToUInt32(fingerprint[..8], 16) % OneHeldOutIn == 0;

    public IReadOnlyList<PlanningTask> DrawAll(RunSettings settings, CancellationToken cancellation = default)
    {
        if (settings.Prompt.Example)
            _fingerprints.Add(ProblemFingerprint.Of(WorkedExample.Of(domain).Problem)); // a task whose plan is in the prompt is none
        return
        [
            .. Draw(TaskSet.Pool, settings.Tasks, cancellation),
            .. Draw(TaskSet.HeldOut, settings.HeldOut, cancellation),
            .. Draw(TaskSet.Larger, settings.Larger, cancellation),
        ];
    }

    /// <exception cref="InputException">There are not so many distinct tasks of these sizes.</exception>
    private IEnumerable<PlanningTask> Draw(TaskSet set, int count, CancellationToken cancellation)
    {
        Random random = seed.Then("tasks").Then(domain.Name).Then((long)set).ToRandom();
        SizeRanges sizes = set == TaskSet.Larger ? domain.LargerSizes : domain.PoolSizes;
        for (int number = 0; number < count; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return DrawNew(new TaskId(domain.Name, set, number), sizes, random);
        }
    }

    private PlanningTask DrawNew(TaskId id, SizeRanges sizes, Random random)
    {
        for (int attempt = 0; attempt < PatienceWithDuplicates; attempt++)
        {
            string name = $"{domain.Name}-{id.Set.ToString().ToLowerInvariant()}-{id.Number}";
            PlanningTask task = PlanningTask.Read(id, domain.GenerateProblem(name, sizes, random), domain.Domain);
            bool wanted = id.Set == TaskSet.Larger || IsHeldOut(task.Fingerprint) == (id.Set == TaskSet.HeldOut);
            if (wanted && _fingerprints.Add(task.Fingerprint))
                return task;
        }

        throw new InputException(
            $"{domain.Name} has no more than about {_fingerprints.Count} distinct tasks of sizes {sizes}; ask for fewer");
    }
}
