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
    /// <param name="run">The run's folder.</param>
    /// <param name="formats">In which the run's models answer.</param>
    /// <param name="planner">Told how far a classical planner is with the tasks, where it has not solved them yet; null to do without it.</param>
    /// <param name="cancellation">Looked at from time to time.</param>
    /// <exception cref="InputException">There is no run.</exception>
    public static async Task<ReportData> Read(string run, Func<PlanningDomain, IPromptFormat> formats, IProgress<PlannerProgress>? planner, CancellationToken cancellation)
    {
        await using RunStore store = await RunExecution.OpenStore(run, cancellation);
        ReportData data = await Read(run, store, formats, progress: null, cancellation);
        var domains = new List<DomainReport>();
        foreach (DomainReport report in data.Domains)
            domains.Add(report with { Planner = await Planner(run, report.Domain, store, planner, cancellation) });
        return data with { Domains = domains };
    }

    /// <summary>The same of a store that is open, without asking the planner what it was not asked before. Nothing is written.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="store">Of the run.</param>
    /// <param name="formats">In which the run's models answer.</param>
    /// <param name="progress">Told the share that is done; null for nobody.</param>
    /// <param name="cancellation">Looked at from time to time.</param>
    public static async Task<ReportData> Read(
        string run, RunStore store, Func<PlanningDomain, IPromptFormat> formats, IProgress<double>? progress, CancellationToken cancellation)
    {
        RunSettings settings = RunFolder.SettingsAt(run);
        var domains = new List<DomainReport>();
        foreach (PlanningDomain domain in settings.Domains.Select(name => DomainCatalog.Find(name)!))
        {
            var part = new PartProgress(progress, domains.Count, settings.Domains.Length);
            DomainReport report = await new DomainReader(store, domain, new(() => formats(domain))).Read(part, cancellation);
            domains.Add(report with
            {
                Curves = [.. Curves(run, report.Summary)],
                Planner = await Planner(run, domain.Name, store, progress: null, cancellation),
            });
        }

        return new ReportData(run, RunFile.Print(settings), domains) { Servers = await store.Servers() };
    }

    private static Task<PlannerReference?> Planner(string run, string name, RunStore store, IProgress<PlannerProgress>? progress, CancellationToken cancellation) =>
        PlannerReferenceFile.Read(RunFolder.PlannerOf(run, name), store, DomainCatalog.Find(name)!, progress, cancellation);

    private static IEnumerable<TrainingCurve> Curves(string run, DomainSummary summary) =>
        from generation in summary.Generations
        let points = TrainingCurveFile.Read(RunFolder.CurveOf(run, summary.Domain, generation.Generation))
        where points.Count > 0
        select new TrainingCurve(generation.Generation, points);

    /// <summary>One of several equal parts of the whole.</summary>
    private sealed class PartProgress(IProgress<double>? whole, int before, int all) : IProgress<double>
    {
        public void Report(double value) => whole?.Report((before + value) / all);
    }
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

    /// <summary>How traces ended, those beyond the run's own included.</summary>
    public IReadOnlyList<OutcomeCount> Outcomes { get; init; } = [];
}
