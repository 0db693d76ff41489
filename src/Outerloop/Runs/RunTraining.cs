using Outerloop.Planning.Domains;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;
using Outerloop.Training;

namespace Outerloop.Runs;

/// <summary>The fine-tuning of one generation of a run whose loop is in another process, which waits for the result.</summary>
public static class RunTraining
{
    /// <exception cref="InputException">The run is not about to make this generation.</exception>
    public static async Task<TrainingResult> Execute(
        RunFolder folder, string domain, int generation, ITrainer trainer, IProgress<TrainingStep> progress, CancellationToken cancellation)
    {
        await using RunStore store = await RunStore.Open(folder.Store, cancellation);
        await folder.RequireOwn(store, cancellation);
        var recipe = new GenerationRecipe(folder, store, domain);
        IReadOnlyList<Trace> kept = await recipe.Curate(generation);
        if (!(await store.Curated(domain))[generation].ToHashSet().SetEquals(kept.Select(trace => trace.Id)) || kept.Count == 0)
            throw new InputException($"{folder.Path}: generation {generation} of {domain} is not curated; 'outerloop run' does that, and then has it trained");
        PlanningTask[] tasks = [.. (await store.Tasks(domain)).Select(task => PlanningTask.Read(task.Id, task.Problem, DomainCatalog.Find(domain)!.Domain))];
        TrainingJob job = recipe.Job(generation, kept, tasks);
        TrainingResult result = await trainer.Train(job, progress, cancellation);
        TrainingResultFile.Write(job.OutputFolder, result);
        return result;
    }
}
