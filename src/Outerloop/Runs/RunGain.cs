namespace Outerloop.Runs;

/// <summary>The first and the last generation of one domain of a run.</summary>
/// <param name="TokensTrained">Tokens that all its fine-tunings read.</param>
/// <param name="CpuSeconds">Of all generations.</param>
public sealed record RunGain(
    string Run, string Domain, GenerationSummary First, GenerationSummary Last, long TokensTrained, double CpuSeconds)
{
    /// <summary>Pool tasks solved by the last generation over those solved by the first; absent where that is none.</summary>
    public double? SolvedRatio => Ratio(First.Solved, Last.Solved);

    /// <summary>The same for the held-out average@3.</summary>
    public double? AverageAt3Ratio => Ratio(First.HeldOut.AverageAt3, Last.HeldOut.AverageAt3);

    /// <summary>Of each domain that has a deployed generation.</summary>
    public static IEnumerable<RunGain> Of(RunSummary summary) =>
        from domain in summary.Domains
        let deployed = domain.Generations.Where(generation => generation.HeldOut.Tasks > 0 || generation.Tokens.Sampled > 0).ToList()
        where deployed.Count > 0
        select new RunGain(
            summary.Run,
            domain.Domain,
            deployed[0],
            deployed[^1],
            domain.Generations.Sum(generation => generation.Tokens.Trained),
            PhaseCost.Total(domain.Costs).CpuSeconds);

    private static double? Ratio(double first, double last) => first > 0 ? last / first : null;
}
