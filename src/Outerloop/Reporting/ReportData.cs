using Outerloop.Configuration;
using Outerloop.Evaluation;
using Outerloop.Planning.Domains;
using Outerloop.Policies;
using Outerloop.Policies.Servers;
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
    /// <summary>Of a run that may be unfinished; nothing is written but what a classical planner makes of its tasks, once.</summary>
    /// <param name="policies">Know in which format the run's models answer.</param>
    /// <param name="withPlanner">Whether a classical planner solves the tasks where none has yet, which takes it minutes where they are hard.</param>
    public static async Task<ReportData> Read(string run, IPolicyFactory policies, bool withPlanner, CancellationToken cancellation)
    {
        RunSummary summary = await RunExecution.Summarize(run, cancellation);
        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(run), cancellation);
        var domains = new List<DomainReport>();
        foreach (DomainSummary domain in summary.Domains)
            domains.Add(await Read(run, domain, store, policies, cancellation) with { Planner = await Planner(run, domain.Domain, store, withPlanner, cancellation) });
        return new ReportData(run, RunFile.Print(RunFolder.SettingsAt(run)), domains);
    }

    private static async Task<DomainReport> Read(
        string run, DomainSummary summary, RunStore store, IPolicyFactory policies, CancellationToken cancellation)
    {
        PlanningDomain domain = DomainCatalog.Find(summary.Domain)!;
        Lazy<IPromptFormat> format = new(() => FormatOf(run, domain, policies));
        return new DomainReport(summary, await new EvaluationReader(store, domain, format).Read())
        {
            Curves = [.. Curves(run, summary)],
            Choices = await RunReward.Choices(store, summary.Domain, cancellation),
        };
    }

    private static IPromptFormat FormatOf(string run, PlanningDomain domain, IPolicyFactory policies)
    {
        RunSettings settings = RunFolder.SettingsAt(run);
        return ServerPolicyFactory.ModelOf(settings.Policy) is null
            ? policies.FormatOf(RunFolder.GenerationOf(run, domain.Name, 0), domain)
            : new MessageFormat(domain, PromptTemplate.Read(RunFolder.PromptOf(run)), settings);
    }

    private static Task<PlannerReference?> Planner(string run, string name, RunStore store, bool isWanted, CancellationToken cancellation) =>
        PlannerReferenceFile.Read(RunFolder.PlannerOf(run, name), store, DomainCatalog.Find(name)!, isWanted, cancellation);

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
