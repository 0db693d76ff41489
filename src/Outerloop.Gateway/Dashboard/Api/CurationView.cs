using Outerloop.Configuration;
using Outerloop.Curation;
using Outerloop.Storage;

namespace Outerloop.Gateway.Dashboard.Api;

/// <summary>What another curator would have kept, with traces by their ids.</summary>
internal sealed record CurationView(
    string Domain, int Generation, string Curator, string OwnCurator, int Offered, CuratedSummary Own, CuratedSummary Other, CuratedSummary Kept, CuratedSummary Gained, CuratedSummary Lost)
{
    public static async Task<CurationView> Of(ShownRun run, RunSettings settings, string domain, int generation, string curator)
    {
        await using RunStore store = await run.OpenToRead(CancellationToken.None);
        CurationReplay replay = await CurationReplay.Of(store, settings, domain, generation, curator);
        return new CurationView(
            domain, generation, curator, replay.OwnCurator, replay.Offered,
            CuratedSummary.Of(replay.Then), CuratedSummary.Of(replay.Now), CuratedSummary.Of(replay.Kept), CuratedSummary.Of(replay.Gained), CuratedSummary.Of(replay.Lost));
    }
}

/// <param name="First">The first of them, by task.</param>
internal sealed record CuratedSummary(int Traces, int Tasks, int Valid, double MeanSteps, IReadOnlyDictionary<int, int> BySource, IReadOnlyList<TraceLine> First)
{
    public static CuratedSummary Of(CuratedPart part) =>
        new(part.Traces, part.Tasks, part.Valid, part.MeanSteps, part.BySource, [.. part.First.Select(TraceLine.Of)]);
}
