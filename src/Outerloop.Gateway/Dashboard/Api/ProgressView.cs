using Outerloop.Configuration;
using Outerloop.Deployment;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Training;

namespace Outerloop.Gateway.Dashboard.Api;

/// <summary>How far a run is.</summary>
/// <param name="State"><c>finished</c>, <c>under way</c> where something changed within a minute, else <c>at rest</c>.</param>
/// <param name="LastChange">Of the run's files; null where its store is in none.</param>
internal sealed record ProgressView(string State, DateTime? LastChange, IReadOnlyList<DomainProgress> Domains)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    public static ProgressView Of(ShownRun run, IReadOnlyList<DomainProgress> domains, DateTimeOffset now)
    {
        DateTime? changed = StoreStamp.Of(run)?.LastChange;
        string state = domains.All(domain => domain.Phase == "finished") ? "finished" : changed is null || now.UtcDateTime - changed < Silence ? "under way" : "at rest";
        return new ProgressView(state, changed, domains);
    }
}

/// <summary>How far a run is in one domain.</summary>
/// <param name="Generation">The one that is deployed or, in <c>train</c>, that is made.</param>
/// <param name="Wanted">The last that the run is to make.</param>
/// <param name="Phase"><c>deploy</c>, <c>evaluate</c>, <c>train</c>, <c>finished</c>, or <c>waiting</c> where nothing is begun.</param>
/// <param name="Done">Traces, or steps of the fine-tuning.</param>
/// <param name="Total">Of these; null where it is not known.</param>
/// <param name="Valid">Valid traces of the generation on the pool.</param>
/// <param name="Loss">Of the fine-tuning's last step.</param>
internal sealed record DomainProgress(string Domain, int Generation, int Wanted, string Phase, long Done, long? Total, long Valid, double? Loss = null)
{
    /// <summary>Of all domains of a run.</summary>
    public static async Task<IReadOnlyList<DomainProgress>> Of(ShownRun run)
    {
        RunSettings settings = run.Settings;
        await using RunStore store = await run.OpenToRead(CancellationToken.None);
        var domains = new List<DomainProgress>();
        foreach (string domain in settings.Domains)
            domains.Add(await Of(run, store, domain, settings));
        return domains;
    }

    private static async Task<DomainProgress> Of(ShownRun run, RunStore store, string domain, RunSettings settings)
    {
        if (await store.Generations(domain) is not [.., var latest])
            return new DomainProgress(domain, 0, settings.Generations, "waiting", 0, null, 0);
        IReadOnlyDictionary<TaskSet, int> tasks = await store.TaskCounts(domain);
        IReadOnlyDictionary<TaskSet, (long Traces, long Valid)> counts = await store.Counts(domain, latest.Number);
        (long pool, long valid) = counts.GetValueOrDefault(TaskSet.Pool);
        long evaluated = counts.GetValueOrDefault(TaskSet.HeldOut).Traces + counts.GetValueOrDefault(TaskSet.Larger).Traces;
        long wanted = (long)tasks.GetValueOrDefault(TaskSet.Pool) * settings.Samples;
        long measured = ((long)tasks.GetValueOrDefault(TaskSet.HeldOut) * (DeploymentPlan.EvaluationSamples + 1)) + tasks.GetValueOrDefault(TaskSet.Larger);
        if (pool < wanted)
            return new DomainProgress(domain, latest.Number, settings.Generations, "deploy", pool, wanted, valid);
        if (evaluated < measured)
            return new DomainProgress(domain, latest.Number, settings.Generations, "evaluate", evaluated, measured, valid);
        return latest.Number >= settings.Generations
            ? new DomainProgress(domain, latest.Number, settings.Generations, "finished", pool + evaluated, wanted + measured, valid)
            : Training(run, domain, latest.Number + 1, settings, valid);
    }

    private static DomainProgress Training(ShownRun run, string domain, int generation, RunSettings settings, long valid)
    {
        TrainingPoint? last = TrainingCurveFile.Read(RunFolder.CurveOf(run.Path, domain, generation)) is [.., var step] ? step : null;
        return new DomainProgress(domain, generation, settings.Generations, "train", last?.Step ?? 0, null, valid, last?.Loss);
    }
}
