using Outerloop.Traces;

namespace Outerloop.Curation;

/// <summary>
/// Decides what the next generation learns from. It sees every trace of the pool, of all generations so far, valid or
/// not, and keeps some: its taste is the implicit reward of the loop.
/// </summary>
public interface ICurator
{
    /// <returns>The traces kept, by task, generation and sample, so that the order says nothing.</returns>
    IReadOnlyList<Trace> Curate(IReadOnlyList<Trace> traces);
}
