using System.Text.Json;
using Outerloop.Runs;

namespace Outerloop.Tests.Support;

/// <summary>The figures of a run without what may differ between two runs of the same settings: times and the folder.</summary>
internal static class RunFigures
{
    public static string Of(RunSummary summary) => JsonSerializer.Serialize(
        summary.Domains.Select(domain => domain with
        {
            Costs = [.. domain.Costs.Select(cost => cost with { CpuSeconds = 0 })],
            Generations = [.. domain.Generations.Select(generation => generation with { Seconds = new SecondsSummary(0, 0, 0, 0, 0) })],
        }));
}
