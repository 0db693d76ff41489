using Outerloop.Configuration;
using Outerloop.Evaluation;
using Outerloop.Planning.Domains;
using Outerloop.Prompting;
using Outerloop.Reward;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Training;

namespace Outerloop.Reporting;

/// <summary>Everything that a report shows of a run.</summary>
/// <param name="Run">The run's folder.</param>
/// <param name="Settings">The run's settings, as its file has them.</param>
public sealed record ReportData(string Run, string Settings, IReadOnlyList<DomainReport> Domains)
{
    /// <summary>Versions and fingerprints of the servers that have answered, as far as they say.</summary>
    public IReadOnlyList<string> Servers { get; init; } = [];

    /// <summary>Of a run that may be unfinished; nothing is written but what a classical planner makes of its tasks, once.</summary>
    /// <param name="formats">In which the run's models answer.</param>
    /// <param name="planner">Told how far a classical planner is with the tasks, where it has not solved them yet; null to do without it.</param>
    public static async Task<ReportData> Read(string run, Func<PlanningDomain, IPromptFormat> formats, IProgress<PlannerProgress>? planner, CancellationToken cancellation)
    {
        RunSummary summary = await RunExecution.Summarize(run, cancellation);
        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(run), cancellation);
        return await Read(summary, store, formats, planner, cancellation);
    }

    /// <summary>The same of a store that is open.</summary>
    /// <param name="summary">Of the run.</param>
    /// <param name="store">Of the run.</param>
    /// <param name="formats">In which the run's models answer.</param>
    /// <param name="planner">As above.</param>
    /// <param name="cancellation">Looked at from time to time.</param>
    public static async Task<ReportData> Read(
        RunSummary summary, RunStore store, Func<PlanningDomain, IPromptFormat> formats, IProgress<PlannerProgress>? planner, CancellationToken cancellation)
    {
        string run = summary.Run;
        var domains = new List<DomainReport>();
        foreach (DomainSummary domain in summary.Domains)
            domains.Add(await Read(run, domain, store, formats, cancellation) with { Planner = await Planner(run, domain.Domain, store, planner, cancellation) });
        return new ReportData(run, RunFile.Print(RunFolder.SettingsAt(run)), domains) { Servers = await store.Servers() };
    }

    private static async Task<DomainReport> Read(
        string run, DomainSummary summary, RunStore store, Func<PlanningDomain, IPromptFormat> formats, CancellationToken cancellation)
    {
        PlanningDomain domain = DomainCatalog.Find(summary.Domain)!;
        Lazy<IPromptFormat> format = new(() => formats(domain));
        return new DomainReport(summary, await new EvaluationReader(store, domain, format).Read())
        {
            Curves = [.. Curves(run, summary)],
            Choices = await RunReward.Choices(store, summary.Domain, cancellation),
        };
    }

    private static Task<PlannerReference?> Planner(string run, string name, RunStore store, IProgress<PlannerProgress>? progress, CancellationToken cancellation) =>
        PlannerReferenceFile.Read(RunFolder.PlannerOf(run, name), store, DomainCatalog.Find(name)!, progress, cancellation);

    private static IEnumerable<TrainingCurve> Curves(string run, DomainSummary summary) =>
        from generation in summary.Generations
        let points = TrainingCurveFile.Read(RunFolder.CurveOf(run, summary.Domain, generation.Generation))
        where points.Count > 0
        select new TrainingCurve(generation.Generation, points);
}

/// <summary>Everything that a report shows of one domain.</summary>
public sealed record DomainReport(DomainSummary Summary, DomainEvaluation Evaluation)
{
    /// <summary>On the held-out and the larger tasks; null where the planner was not asked.</summary>
    public PlannerReference? Planner { get; init; }

    public string Domain => Summary.Domain;

    /// <summary>Of the fine-tunings that the run's folder has the steps of.</summary>
    public IReadOnlyList<TrainingCurve> Curves { get; init; } = [];

    /// <summary>What the curator chose for each generation.</summary>
    public IReadOnlyList<Choosing> Choices { get; init; } = [];
}
