using Outerloop.Traces;

namespace Outerloop.Curation;

/// <summary>No curation: every trace of the model's doing, right or wrong. The control that shows what the verifier adds.</summary>
public sealed class EverythingCurator : ICurator
{
    public IReadOnlyList<Trace> Curate(IReadOnlyList<Trace> traces) =>
    [
        .. traces.Where(trace => trace.Outcome.IsTheModelsDoing())
            .OrderBy(trace => trace.Id.Task)
            .ThenBy(trace => trace.Id.Generation)
            .ThenBy(trace => trace.Id.Sample),
    ];
}
