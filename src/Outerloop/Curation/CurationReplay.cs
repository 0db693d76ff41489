using Outerloop.Configuration;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Curation;

/// <summary>What a generation would have been trained on, had another curator chosen.</summary>
/// <param name="Offered">Traces of the pool by the generations before.</param>
/// <param name="Then">What the run's own curator kept.</param>
/// <param name="Now">What the other one keeps.</param>
/// <param name="Kept">By both.</param>
/// <param name="Gained">Kept by the other one alone.</param>
/// <param name="Lost">Kept by the run's alone.</param>
public sealed record CurationReplay(
    string Domain, int Generation, string Curator, string OwnCurator, int Offered, CuratedPart Then, CuratedPart Now, CuratedPart Kept, CuratedPart Gained, CuratedPart Lost)
{
    /// <param name="store">Of the run.</param>
    /// <param name="settings">Of the run.</param>
    /// <param name="domain">Of the run.</param>
    /// <param name="generation">The one that is trained, from 1; one that is not yet made has nothing to be compared with.</param>
    /// <param name="curator">As the setting <c>curator</c> names it.</param>
    /// <exception cref="FormatException">There is no such curator; says what is wanted.</exception>
    public static async Task<CurationReplay> Of(RunStore store, RunSettings settings, string domain, int generation, string curator)
    {
        ICurator other = CuratorCatalog.Create(curator, CuratorCatalog.SeedOf(settings));
        IReadOnlyList<Trace> offered = await store.Outlines(domain, TaskSet.Pool, 0, generation - 1);
        HashSet<TraceId> own = [.. (await store.Curated(domain))[generation]];
        IReadOnlyList<Trace> kept = other.Curate(offered);
        HashSet<TraceId> chosen = [.. kept.Select(trace => trace.Id)];
        Trace[] before = [.. offered.Where(trace => own.Contains(trace.Id))];
        return new CurationReplay(
            domain, generation, curator, settings.Curator, offered.Count,
            CuratedPart.Of(before), CuratedPart.Of(kept), CuratedPart.Of(kept.Where(trace => own.Contains(trace.Id))),
            CuratedPart.Of(kept.Where(trace => !own.Contains(trace.Id))), CuratedPart.Of(before.Where(trace => !chosen.Contains(trace.Id))));
    }
}

/// <summary>Some of the traces that a generation learns from.</summary>
/// <param name="Valid">How many of them are.</param>
/// <param name="MeanSteps">Of their plans; 0 where there is none.</param>
/// <param name="BySource">How many each earlier generation wrote.</param>
/// <param name="First">The first of them, by task.</param>
public sealed record CuratedPart(int Traces, int Tasks, int Valid, double MeanSteps, IReadOnlyDictionary<int, int> BySource, IReadOnlyList<Trace> First)
{
    /// <summary>Traces that are told one by one.</summary>
    private const int Told = 50;

    public static CuratedPart Of(IEnumerable<Trace> traces)
    {
        Trace[] all = [.. traces];
        return new CuratedPart(
            all.Length,
            all.Select(trace => trace.Id.Task).Distinct().Count(),
            all.Count(trace => trace.Outcome == Outcome.Valid),
            all.Length == 0 ? 0 : all.Average(trace => trace.PlanSteps),
            new SortedDictionary<int, int>(all.CountBy(trace => trace.Id.Generation).ToDictionary()),
            [.. all.OrderBy(trace => trace.Id.Task).Take(Told)]);
    }
}
