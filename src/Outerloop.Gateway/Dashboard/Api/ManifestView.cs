using Outerloop.Gateway.OpenAi;
using Outerloop.Storage;
using Outerloop.Traces;

namespace Outerloop.Gateway.Dashboard.Api;

/// <summary>A part of the traces that a generation was trained on, by their ids.</summary>
/// <param name="Next">The parameter <c>after</c> of the next part; null where this is the last.</param>
internal sealed record ManifestView(string Domain, int Generation, IReadOnlyList<string> Traces, string? Next)
{
    private const int Length = 100, Longest = 1000;

    public static Task<ManifestView> Of(ShownRun run, QueryParameters query, CancellationToken cancellation) => Of(
        run, run.Domain(query.Text("domain")), query.Whole("generation", 0, int.MaxValue) ?? throw ApiException.Wrong("generation", "is missing"), query, cancellation);

    /// <param name="run">Of which.</param>
    /// <param name="domain">Of the generation.</param>
    /// <param name="generation">The one that was trained.</param>
    /// <param name="query">Which part of the manifest.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    public static async Task<ManifestView> Of(ShownRun run, string domain, int generation, QueryParameters query, CancellationToken cancellation)
    {
        int limit = query.Whole("limit", 1, Longest) ?? Length;
        TraceId? after = query.Text("after") is { } text ? TraceId.Parse(text) ?? throw ApiException.Wrong("after", "must be the 'next' of a part") : null;
        await using RunStore store = await run.OpenToRead(cancellation);
        IReadOnlyList<TraceId> ids = await store.Manifest(domain, generation, query.Whole("source", 0, int.MaxValue), after, limit + 1);
        return new ManifestView(domain, generation, [.. ids.Take(limit).Select(id => $"{id}")], ids.Count > limit ? $"{ids[limit - 1]}" : null);
    }
}
