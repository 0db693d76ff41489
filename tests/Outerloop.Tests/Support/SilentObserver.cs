using Outerloop.Runs;

namespace Outerloop.Tests.Support;

/// <summary>Counts what it is told.</summary>
internal sealed class SilentObserver : IRunObserver
{
    public List<PhaseProgress> Reports { get; } = [];

    public List<GenerationSummary> Generations { get; } = [];

    public void Report(PhaseProgress value) => Reports.Add(value);

    public void Finished(string domain, GenerationSummary generation) => Generations.Add(generation);
}
