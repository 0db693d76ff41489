using Outerloop.Planning.Domains;
using Outerloop.Policies;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Verification;

namespace Outerloop.Deployment.Workers;

/// <summary>What a worker knows of one domain of a run: its tasks, its verifier, and the generation that it has open.</summary>
internal sealed class WorkerDomain : IDisposable
{
    private readonly RunFolder _folder;
    private readonly PlanningDomain _domain;
    private readonly RunParts _parts;
    private GenerationRecord? _record;
    private IPolicy? _policy;

    private WorkerDomain(RunFolder folder, PlanningDomain domain, RunParts parts, IReadOnlyDictionary<TaskId, PlanningTask> tasks)
    {
        _folder = folder;
        _domain = domain;
        _parts = parts;
        Tasks = tasks;
        Answers = new JudgedAnswers(RunVerifier.Of(folder, domain, parts), parts.Clock);
    }

    public IReadOnlyDictionary<TaskId, PlanningTask> Tasks { get; }

    public JudgedAnswers Answers { get; }

    public static async Task<WorkerDomain> Read(RunFolder folder, RunStore store, PlanningDomain domain, RunParts parts) => new(
        folder,
        domain,
        parts,
        (await store.Tasks(domain.Name)).ToDictionary(task => task.Id, task => PlanningTask.Read(task.Id, task.Problem, domain.Domain)));

    /// <summary>A generation's model, its files checked against their manifest and against what the store says of it.</summary>
    public async Task<IPolicy> Policy(RunStore store, int generation)
    {
        if (_record?.Number == generation)
            return _policy!;
        Dispose();
        GenerationRecord record = (await store.Generations(_domain.Name)).Single(made => made.Number == generation);
        _policy = _folder.OpenPolicy(_parts.Policies, _domain, record);
        _record = record;
        return _policy;
    }

    public void Dispose()
    {
        _policy?.Dispose();
        (_policy, _record) = (null, null);
    }
}
