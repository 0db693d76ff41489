using Outerloop.Traces;

namespace Outerloop.Curation;

/// <summary>Another curator that is shown the traces of the latest generation alone: no aggregation over generations.</summary>
internal sealed class LatestCurator(ICurator curator) : ICurator
{
    public IReadOnlyList<Trace> Curate(IReadOnlyList<Trace> traces)
    {
        int latest = traces.Select(trace => trace.Id.Generation).DefaultIfEmpty().Max();
        return curator.Curate([.. traces.Where(trace => trace.Id.Generation == latest)]);
    }
}
