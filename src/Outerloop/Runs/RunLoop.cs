using Outerloop.Configuration;
using Outerloop.Deployment;
using Outerloop.Planning.Domains;
using Outerloop.Policies;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;
using Outerloop.Training;
using Outerloop.Verification;

namespace Outerloop.Runs;

/// <summary>
/// Iterative deployment of one domain: deploy a generation, verify its traces, evaluate it, curate the traces of all
/// generations so far, fine-tune the next, and again. Each step does what the store says is left to do, so that the
/// loop can be killed anywhere and called again.
/// </summary>
public sealed class RunLoop
{
    private readonly RunFolder _folder;
    private readonly RunStore _store;
    private readonly RunParts _parts;
    private readonly PlanningDomain _domain;
    private readonly Deployer _deployer;
    private readonly GenerationRecipe _recipe;
    private readonly GenerationMaker _maker;

    public RunLoop(RunFolder folder, RunStore store, PlanningDomain domain, RunParts parts)
    {
        _folder = folder;
        _store = store;
        _domain = domain;
        _parts = parts;
        _recipe = new GenerationRecipe(folder, store, domain.Name);
        _maker = new GenerationMaker(folder.Path, store, parts);
        _deployer = new Deployer(store, RunVerifier.Of(folder, domain, parts), parts);
    }

    private RunSettings Settings => _folder.Settings;

    private string Domain => _domain.Name;

    public async Task Run(CancellationToken cancellation)
    {
        IReadOnlyList<PlanningTask> tasks = await DrawTasks(cancellation);
        for (int generation = 0; generation <= Settings.Generations; generation++)
        {
            await Train(generation, tasks, cancellation);
            await Deploy(generation, tasks, cancellation);
        }
    }

    /// <summary>The tasks of the run: drawn once, and from then on read from the store.</summary>
    private async Task<IReadOnlyList<PlanningTask>> DrawTasks(CancellationToken cancellation)
    {
        IReadOnlyList<(TaskId Id, string Problem)> stored = await _store.Tasks(Domain);
        if (stored.Count > 0)
            return [.. stored.Select(task => PlanningTask.Read(task.Id, task.Problem, _domain.Domain))];
        var generator = new TaskGenerator(_domain, new Seed((ulong)Settings.Seed));
        IReadOnlyList<PlanningTask> drawn = await Task.Run(() => generator.DrawAll(Settings, cancellation), cancellation);
        await _store.AddTasks(drawn, cancellation);
        return [.. drawn.OrderBy(task => task.Id)];
    }

    private async Task Deploy(int generation, IReadOnlyList<PlanningTask> tasks, CancellationToken cancellation)
    {
        GenerationRecord record = (await _store.Generations(Domain)).Single(made => made.Number == generation);
        await _deployer.Deploy(() => _folder.OpenPolicy(_parts.Policies, _domain, record), DeploymentPlan.Of(Domain, generation, tasks, Settings), cancellation);
        _parts.Observer.Finished(Domain, await new RunSummarizer(_store).SummarizeGeneration(Domain, record));
    }

    /// <summary>Makes a generation, unless the store has it. Generation 0 is the base as it is.</summary>
    private async Task Train(int generation, IReadOnlyList<PlanningTask> tasks, CancellationToken cancellation)
    {
        IReadOnlyList<GenerationRecord> known = await _store.Generations(Domain);
        if (known.Any(record => record.Number == generation))
            return;
        GenerationRecord made = generation == 0
            ? Base()
            : await _maker.FineTune(_recipe.Job(generation, await Curate(generation, cancellation), tasks), cancellation);
        await _store.AddGeneration(Domain, made, cancellation);
    }

    private GenerationRecord Base()
    {
        using IPolicy policy = _parts.Policies.Open(_folder.Base, _domain);
        string weights = policy.WeightsHash;
        return new GenerationRecord(0, weights, weights, 0, 0, 0, 0);
    }

    private async Task<IReadOnlyList<Trace>> Curate(int generation, CancellationToken cancellation)
    {
        var meter = new WorkMeter(_parts.Clock);
        IReadOnlyList<Trace> kept = await _recipe.Curate(generation);
        await _store.SetCurated(Domain, generation, kept.Select(trace => trace.Id), cancellation);
        await _maker.AddWork(Domain, generation, RunPhase.Curate, meter);
        return kept;
    }
}
