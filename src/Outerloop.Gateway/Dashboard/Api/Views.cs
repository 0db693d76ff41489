using Outerloop.Configuration;
using Outerloop.Curation;
using Outerloop.Gateway.OpenAi;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Gateway.Dashboard.Api;

/// <summary>What pages and the API tell of runs beyond single traces. What takes long is kept (see <see cref="Kept{T}"/>).</summary>
internal sealed class Views(RunShelf shelf, TimeProvider clock)
{
    /// <summary>Failures of the machinery that are told one by one.</summary>
    private const int FailuresTold = 50;

    private readonly Kept<RunFigures> _figures = new(clock, new RunFiguresFile());
    private readonly Kept<CurationView> _curations = new(clock);
    private readonly Kept<ComparisonView> _comparisons = new(clock);
    private readonly Kept<ShownSummary> _summaries = new(clock);

    public TimeProvider Clock => clock;

    public Task<Timed<RunFigures>> Figures(ShownRun run) => AskFigures(run).There;

    public Asked<RunFigures> AskFigures(ShownRun run) => _figures.Ask([run], "", progress => RunFigures.Read(run, progress));

    /// <summary>All runs with a line each. One that cannot be read says why, and does not hide the others.</summary>
    public async Task<IReadOnlyList<ShownSummary>> Runs()
    {
        var summaries = new List<ShownSummary>();
        foreach (ShownRun run in shelf.List())
            summaries.Add((await _summaries.Get(run, "", () => ShownSummary.Of(run))).Figures);
        return summaries;
    }

    /// <exception cref="ApiException">A parameter is wrong.</exception>
    public async Task<CurationView> Curation(ShownRun run, QueryParameters query) => (await (await AskCuration(run, query)).There).Figures;

    /// <exception cref="ApiException">A parameter is wrong.</exception>
    public async Task<Asked<CurationView>> AskCuration(ShownRun run, QueryParameters query)
    {
        RunSettings settings = run.Settings;
        string domain = run.Domain(query.Text("domain"));
        string curator = query.Text("curator") ?? settings.Curator;
        int made = await Latest(run, domain);
        int generation = query.Whole("generation", 1, made + 1) ?? Math.Max(1, made);
        try
        {
            CuratorCatalog.Check(settings with { Curator = curator });
            _ = CuratorCatalog.Create(curator, new Seed(0));
        }
        catch (Exception wrong) when (wrong is FormatException or InputException)
        {
            throw ApiException.Wrong("curator", $"is refused: {wrong.Message}");
        }

        return _curations.Ask([run], $"{domain} {generation} {curator}", _ => CurationView.Of(run, settings, domain, generation, curator));
    }

    public static Task<LineageView> Lineage(ShownRun run, QueryParameters query) => Lineage(run, run.Domain(query.Text("domain")));

    public static async Task<LineageView> Lineage(ShownRun run, string domain)
    {
        await using RunStore store = await run.OpenToRead(CancellationToken.None);
        return new LineageView(domain, LineageView.Of(await store.Generations(domain), await store.Mixture(domain)));
    }

    public async Task<HealthView> Health(ShownRun run, CancellationToken cancellation)
    {
        Timed<RunFigures> known = await Figures(run);
        await using RunStore store = await run.OpenToRead(cancellation);
        var domains = new List<DomainHealth>();
        foreach (string domain in run.Settings.Domains)
        {
            domains.Add(new DomainHealth(
                domain, known.Figures.Of(domain).Outcomes, known.Figures.Of(domain).Summary.Costs, await store.MachineryFailures(domain, FailuresTold)));
        }

        (long owed, long leased, long expired) = await store.OwedNow();
        return new HealthView(known.At, StoreStamp.Of(run)?.LastChange, new OwedView(owed, leased, expired), domains);
    }

    /// <summary>Two generations, of one run or of two, as <c>RUN/DOMAIN/GENERATION</c>.</summary>
    public async Task<ComparisonView> Compare(QueryParameters query) => (await AskComparison(query).There).Figures;

    /// <exception cref="ApiException">A parameter is wrong.</exception>
    public Asked<ComparisonView> AskComparison(QueryParameters query)
    {
        ComparedSide first = ComparedSide.Read(shelf, "first", query.Text("first")), second = ComparedSide.Read(shelf, "second", query.Text("second"));
        if (first.Domain != second.Domain)
            throw ApiException.Wrong("second", "must be of the same domain as 'first'");
        return _comparisons.Ask([first.Run, second.Run], $"{first} {second}", _ => ComparisonView.Of(first, second));
    }

    private static async Task<int> Latest(ShownRun run, string domain)
    {
        await using RunStore store = await run.OpenToRead(CancellationToken.None);
        return (await store.Generations(domain)).Select(record => record.Number).DefaultIfEmpty(0).Max();
    }
}

/// <summary>A run in a list of them.</summary>
/// <param name="Problem">Why it cannot be read; null if it can.</param>
internal sealed record ShownSummary(string Name, string? Problem, IReadOnlyList<ShownDomain> Domains)
{
    public static async Task<ShownSummary> Of(ShownRun run)
    {
        try
        {
            var domains = new List<ShownDomain>();
            await using RunStore store = await run.OpenToRead(CancellationToken.None);
            foreach (string domain in run.Settings.Domains)
                domains.Add(await ShownDomain.Of(store, domain, run.Settings.Generations));
            return new ShownSummary(run.Name, null, domains);
        }
        catch (Exception problem) when (problem is InputException or OutsideException)
        {
            return new ShownSummary(run.Name, problem.Message, []);
        }
    }
}

/// <summary>How far the loop is in one domain of a run, and what it gained.</summary>
/// <param name="Generation">The latest; null where there is none yet.</param>
/// <param name="Wanted">The last that the run is to make.</param>
/// <param name="First">Pool tasks solved by generation 0.</param>
/// <param name="Last">And by the latest.</param>
internal sealed record ShownDomain(string Domain, int? Generation, int Wanted, int Tasks, int First, int Last)
{
    public static async Task<ShownDomain> Of(RunStore store, string domain, int wanted)
    {
        int? latest = (await store.Generations(domain)).Select(record => (int?)record.Number).Max();
        int tasks = (await store.TaskCounts(domain)).GetValueOrDefault(TaskSet.Pool);
        return new ShownDomain(domain, latest, wanted, tasks, await Solved(store, domain, 0), await Solved(store, domain, latest ?? 0));
    }

    private static async Task<int> Solved(RunStore store, string domain, int generation) =>
        (await store.Scores(domain, TaskSet.Pool, generation))[SampleMode.Sampled].Count(score => score.Score.Solved);
}
