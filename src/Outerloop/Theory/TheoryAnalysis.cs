using System.Collections.Immutable;
using Outerloop.Configuration;
using Outerloop.Model.Training;

namespace Outerloop.Theory;

/// <summary>
/// Checks the propositions on stored traces: π is one generation, the behaviour policies are the two before it. Nothing of
/// the store's log-probabilities is used but to say how good they are.
/// </summary>
internal sealed class TheoryAnalysis(RunSettings settings, int threads, IProgress<TheoryProgress> progress, CancellationToken cancellation)
{
    private readonly Lock _reporting = new();

    /// <param name="pool">π first, then the behaviour policies; π has valid traces.</param>
    /// <param name="fineTuning">What the fine-tuning of the next generation added to the parameters, where there was one.</param>
    public (Proposition1 First, Proposition2 Second, UpdateDirections Update, LogProbError Stored) Run(
        IReadOnlyList<PolicyTraces> pool, double[]? fineTuning)
    {
        PolicyTraces target = pool[0];
        Proposition1 first = Proposition1.Of(Score(target, "proposition 1"), target.Sequences, target.Rewards);
        (Proposition2 second, LogProbError stored) = CheckMixture(pool);
        double[] ideal = Proposition1.Reinforce(Score(target, "the ideal update"), target.Sequences, target.Rewards);
        var update = new UpdateAnalysis(Score(target, "the real update"), ideal, settings, threads);
        return (first, second, update.Compare(pool, fineTuning), stored);
    }

    private (Proposition2 Second, LogProbError Stored) CheckMixture(IReadOnlyList<PolicyTraces> pool)
    {
        TrainingSequence[] valid = [.. pool.SelectMany(policy => policy.ValidIndices.Select(i => policy.Sequences[i]))];
        bool[] own = [.. pool.SelectMany((policy, k) => policy.ValidIndices.Select(_ => k == 0))];
        float[][][] tokens =
        [
            .. pool.Select(policy => ExactLogProbs.Of(
                policy.Parameters, valid, threads, Report($"log-probabilities under generation {policy.Record.Number}"), cancellation)),
        ];
        double[][] logProbs = [.. tokens.Select(policy => policy.Select(ExactLogProbs.Sum).ToArray())];
        double[] shares = [.. pool.Select(policy => policy.ValidIndices.Count() / (double)valid.Length)];
        var mixture = new PolicyMixture(
            PolicyMixture.MassOfSamples(logProbs, [.. pool.Select(policy => policy.Traces.Count)]), shares, target: 0);
        ImmutableArray<MixedPolicy> policies = [.. pool.Select((policy, k) => Describe(policy, shares[k], Math.Exp(mixture.LogZ[k])))];
        return (Proposition2.Of(Score(pool[0], "proposition 2"), valid, own, mixture, policies), Compare(pool[0], tokens[0]));
    }

    private static MixedPolicy Describe(PolicyTraces policy, double share, double weightedPassRate)
    {
        int valid = policy.ValidIndices.Count();
        return new MixedPolicy(
            policy.Record.Number, policy.Traces.Count, valid, share, (double)valid / policy.Traces.Count, weightedPassRate);
    }

    /// <summary>The policy's own valid traces come first among those whose exact log-probabilities are given.</summary>
    private static LogProbError Compare(PolicyTraces policy, float[][] exact)
    {
        double[] errors =
        [
            .. policy.ValidIndices.SelectMany((trace, i) =>
                policy.Traces[trace].SamplingLogProbs.Zip(exact[i], (stored, now) => Math.Abs((double)stored - now))),
        ];
        return new LogProbError(errors.Average(), errors.Max());
    }

    private ScoreFunction Score(PolicyTraces policy, string work) => new(policy.Parameters, threads, Report(work), cancellation);

    private Action<int, int> Report(string work) => (done, total) =>
    {
        lock (_reporting)
            progress.Report(new TheoryProgress(work, done, total));
    };
}
