using Outerloop.Curation;
using Outerloop.Deployment;
using Outerloop.Evaluation;
using Outerloop.Planning.Domains;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;
using Outerloop.Training;
using Outerloop.Verification;

namespace Outerloop.Live;

/// <summary>
/// Makes a generation from all that a run's generations have answered, to the loop and to users, and compares it with the one that answers
/// users now. It answers nobody before it is promoted.
/// </summary>
public sealed class NextGeneration
{
    private readonly RunFolder _folder;
    private readonly RunStore _store;
    private readonly RunParts _parts;
    private readonly PlanningDomain _domain;

    private NextGeneration(RunFolder folder, RunStore store, RunParts parts, PlanningDomain domain)
    {
        _folder = folder;
        _store = store;
        _parts = parts;
        _domain = domain;
    }

    private string Domain => _domain.Name;

    /// <param name="folder">The run.</param>
    /// <param name="domain">One of its domains.</param>
    /// <param name="curator"><c>feedback</c>, <c>both</c>, <c>verifier</c> (the run's own curator), or one of <see cref="CuratorCatalog"/>.</param>
    /// <param name="parts">What it works with.</param>
    /// <param name="cancellation">Stops; what is finished is kept.</param>
    /// <exception cref="InputException">The run has no generation yet, or the curator kept nothing.</exception>
    public static async Task<NextReport> Make(RunFolder folder, string domain, string curator, RunParts parts, CancellationToken cancellation)
    {
        await using RunStore store = await RunStore.Open(folder.Store, cancellation);
        await folder.RequireOwn(store, cancellation);
        return await new NextGeneration(folder, store, parts, DomainCatalog.Find(domain)!).Make(curator, cancellation);
    }

    private async Task<NextReport> Make(string curator, CancellationToken cancellation)
    {
        IReadOnlyList<GenerationRecord> made = await _store.Generations(Domain);
        if (made.Count == 0)
            throw new InputException($"{_folder.Path}: no generation of {Domain} is made yet; 'outerloop run' makes the first");
        if (made[^1].Number < _folder.Settings.Generations)
            throw new InputException($"{_folder.Path}: the run itself is to make generation {made[^1].Number + 1} of {Domain}; finish it with 'outerloop run --resume' first");
        int latest = made[^1].Number, current = DeploymentState.Of(await _store.Decisions(Domain), latest).Current;
        PlanningTask[] tasks = [.. (await _store.Tasks(Domain)).Select(task => PlanningTask.Read(task.Id, task.Problem, _domain.Domain))];
        IReadOnlyDictionary<TraceId, bool> verdicts = await _store.Verdicts(Domain);
        ICurator chooses = CuratorOf(curator, verdicts);
        // One that was made, and stopped before it was compared, is gone on with if this would make the same one.
        IReadOnlyList<Trace> traces = await Learnable(tasks), kept = chooses.Curate([.. traces.Where(trace => trace.Id.Generation < latest)]);
        int next = latest;
        if (latest == _folder.Settings.Generations || !await Learnt(latest, kept) || await IsDeployed(latest, tasks))
        {
            await Deploy(latest, tasks, cancellation);
            kept = chooses.Curate(await Learnable(tasks));
            next = latest + 1;
            await Train(next, curator, kept, tasks, (current, latest), cancellation);
        }

        await Deploy(current, tasks, cancellation);
        await Deploy(next, tasks, cancellation);
        return new NextReport(Domain, next, current, curator, kept.Count, kept.Count(trace => trace.Id.Mode == SampleMode.Live))
        {
            HeldOut = await Compare(Measure.HeldOut, current, next),
            Greedy = await Compare(Measure.Greedy, current, next),
            Disagreements = [.. Disagreement.Of(await _store.LiveTraces(Domain), verdicts)],
        };
    }

    /// <summary>Whether a generation was, or was to be, trained on just these traces.</summary>
    private async Task<bool> Learnt(int generation, IReadOnlyList<Trace> kept) =>
        (await _store.Curated(Domain))[generation].ToHashSet().SetEquals(kept.Select(trace => trace.Id));

    private async Task<bool> IsDeployed(int generation, PlanningTask[] tasks)
    {
        IReadOnlySet<TraceId> finished = await _store.FinishedWork(Domain, generation);
        return DeploymentPlan.Of(Domain, generation, tasks, _folder.Settings).SelectMany(plan => plan.Wanted).All(wanted => finished.Contains(wanted.Id));
    }

    /// <summary>The traces of the pool, and those of users to tasks that are not held out, nor like one that is.</summary>
    private async Task<IReadOnlyList<Trace>> Learnable(PlanningTask[] tasks)
    {
        HashSet<string> never = [.. tasks.Where(task => task.Id.Set is TaskSet.HeldOut or TaskSet.Larger).Select(task => task.Fingerprint)];
        HashSet<TaskId> allowed =
            [.. tasks.Where(task => !never.Contains(task.Fingerprint) && !TaskGenerator.IsHeldOut(task.Fingerprint)).Select(task => task.Id)];
        IReadOnlyList<Trace> pool = await _store.Traces(Domain, TaskSet.Pool, 0, int.MaxValue), live = await _store.LiveTraces(Domain);
        return [.. pool, .. live.Where(trace => allowed.Contains(trace.Id.Task))];
    }

    private ICurator CuratorOf(string name, IReadOnlyDictionary<TraceId, bool> verdicts)
    {
        try
        {
            return name switch
            {
                FeedbackCurator.Alone => FeedbackCurator.OfUsers(verdicts),
                FeedbackCurator.WithVerifier => FeedbackCurator.OfBoth(verdicts),
                _ => CuratorCatalog.Create(name == "verifier" ? _folder.Settings.Curator : name, CuratorCatalog.SeedOf(_folder.Settings)),
            };
        }
        catch (FormatException problem)
        {
            throw new InputException($"--curator: {problem.Message}; or verifier, feedback, both", problem);
        }
    }

    private async Task Train(int generation, string curator, IReadOnlyList<Trace> kept, PlanningTask[] tasks, (int Current, int Latest) made, CancellationToken cancellation)
    {
        if (kept.Count == 0)
            throw new InputException($"{Domain}: the curator {curator} kept none of the traces, so there is nothing to make generation {generation} from");
        TrainingJob job = new GenerationRecipe(_folder, _store, Domain).Job(generation, kept, tasks, made.Current);
        // A fine-tuning that was stopped goes on only if it is the same one: users may have asked more since.
        if (File.Exists(job.StateFile) && !await Learnt(generation, kept))
            File.Delete(job.StateFile);
        await _store.SetCurated(Domain, generation, kept.Select(trace => trace.Id), cancellation);
        GenerationRecord record = await new GenerationMaker(_folder.Path, _store, _parts).FineTune(job, cancellation);
        await Promotion.Begin(_store, Domain, made.Latest, (_parts.Clock.GetUtcNow(), $"generation {generation} was made"), cancellation);
        await _store.AddGeneration(Domain, record, cancellation);
    }

    private async Task Deploy(int generation, PlanningTask[] tasks, CancellationToken cancellation)
    {
        GenerationRecord record = (await _store.Generations(Domain)).Single(made => made.Number == generation);
        await new Deployer(_store, RunVerifier.Of(_folder, _domain, _parts), _parts).Deploy(
            () => _folder.OpenPolicy(_parts.Policies, _domain, record), DeploymentPlan.Of(Domain, generation, tasks, _folder.Settings), cancellation);
    }

    private async Task<ScoreDifference?> Compare(Measure measure, int current, int next) => ScoreDifference.OfPairs(
        measure.Of(await _store.Traces(Domain, measure.Set, current, current)), measure.Of(await _store.Traces(Domain, measure.Set, next, next)));
}
