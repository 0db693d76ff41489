using Outerloop.Configuration;
using Outerloop.Curation;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Training;

/// <summary>What a run's settings say of the making of its generations: which traces, from where, to where. The same in every process.</summary>
internal sealed class GenerationRecipe(RunFolder folder, RunStore store, string domain)
{
    private RunSettings Settings => folder.Settings;

    private TrainerKind Trainer => TrainerCatalog.Find(Settings.Trainer.Kind);

    /// <summary>The traces that a generation is trained on, in the curator's order.</summary>
    public async Task<IReadOnlyList<Trace>> Curate(int generation)
    {
        ICurator curator = Trainer.LearnsFromRewards
            ? new LatestCurator(new EverythingCurator())
            : CuratorCatalog.Create(Settings.Curator, CuratorCatalog.SeedOf(Settings));
        return curator.Curate(await store.Traces(domain, TaskSet.Pool, 0, generation - 1));
    }

    /// <param name="generation">The one to be made.</param>
    /// <param name="kept">What it learns from.</param>
    /// <param name="tasks">Of these traces, and others.</param>
    /// <param name="latest">Where trainers that go on from a generation begin; the one before, unless it is said.</param>
    /// <exception cref="InputException">There is nothing to train on.</exception>
    public TrainingJob Job(int generation, IReadOnlyList<Trace> kept, IReadOnlyList<PlanningTask> tasks, int? latest = null)
    {
        if (kept.Count == 0)
            throw new InputException($"{domain}: no trace to train generation {generation} on: the curator {Settings.Curator} kept none; deploy on more or smaller tasks");
        Dictionary<TaskId, PlanningTask> byId = tasks.ToDictionary(task => task.Id);
        return new TrainingJob(
            domain,
            generation,
            folder.Generation(domain, Trainer.StartsFromLatest ? latest ?? generation - 1 : 0),
            folder.Generation(domain, generation),
            [.. kept.Select(trace => new TrainingExample(byId[trace.Id.Task], trace))],
            new Seed((ulong)Settings.Seed).Then("train").Then(domain).Then(generation))
        {
            BehaviourFolders = Enumerable.Range(0, generation).ToDictionary(number => number, number => folder.Generation(domain, number)),
            Jobs = store,
        };
    }
}
