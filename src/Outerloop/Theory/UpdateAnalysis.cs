using Outerloop.Configuration;
using Outerloop.Curation;
using Outerloop.Model.Decoder;
using Outerloop.Model.Training;
using Outerloop.Traces;

namespace Outerloop.Theory;

/// <summary>Compares what the loop does with the ideal update.</summary>
/// <param name="score">Of π.</param>
/// <param name="ideal">The REINFORCE gradient on π's own traces.</param>
internal sealed class UpdateAnalysis(ScoreFunction score, double[] ideal, RunSettings settings, int threads)
{
    /// <param name="pool">π first, then the generations before it.</param>
    /// <param name="fineTuning">What a fine-tuning added to the parameters, where there was one.</param>
    public UpdateDirections Compare(IReadOnlyList<PolicyTraces> pool, double[]? fineTuning)
    {
        TrainingSequence[] own = Valid(pool.Take(1)), all = Valid(pool), curatedOwn = Curated(pool.Take(1)), curated = Curated(pool);
        return new UpdateDirections(
            Cosine(own, TokenMeanWeights(own)),
            Cosine(own, [.. own.Select(trace => 1.0 / trace.Targets)]),
            OrNull(curatedOwn, Cosine),
            Cosine(all),
            OrNull(curated, Cosine),
            AdamStep(own, LossNormalisation.SequenceSum),
            OrNull(curated, traces => AdamStep(traces, LossNormalisation.TokenMean)),
            fineTuning is null ? null : Direction.Cosine(fineTuning, ideal));
    }

    private static TrainingSequence[] Valid(IEnumerable<PolicyTraces> pool) =>
        [.. pool.SelectMany(policy => policy.ValidIndices.Select(i => policy.Sequences[i]))];

    private TrainingSequence[] Curated(IEnumerable<PolicyTraces> pool)
    {
        Dictionary<TraceId, TrainingSequence> byId = pool
            .SelectMany(policy => policy.Traces.Zip(policy.Sequences, (trace, sequence) => (trace.Id, sequence)))
            .ToDictionary();
        ICurator curator = CuratorCatalog.Create(settings.Curator, CuratorCatalog.SeedOf(settings));
        return [.. curator.Curate([.. pool.SelectMany(policy => policy.Traces)]).Select(trace => byId[trace.Id])];
    }

    private static double? OrNull(TrainingSequence[] traces, Func<TrainingSequence[], double> figure) =>
        traces.Length == 0 ? null : figure(traces);

    private double Cosine(TrainingSequence[] traces) => Direction.Cosine(score.Mean(traces), ideal);

    private double Cosine(TrainingSequence[] traces, double[] weights) => Direction.Cosine(score.Sum(traces, weights), ideal);

    /// <summary>1 over the tokens of the mini-batch that a trace falls into.</summary>
    private double[] TokenMeanWeights(TrainingSequence[] traces)
    {
        var weights = new Dictionary<TrainingSequence, double>(ReferenceEqualityComparer.Instance);
        foreach (TrainingBatch batch in new TrainingSet(traces, (ulong)settings.Seed, settings.Trainer.BatchTokens).Epoch(0))
        {
            foreach (TrainingSequence trace in batch.Sequences)
                weights[trace] = 1.0 / batch.Sequences.Sum(other => other.Targets);
        }

        return [.. traces.Select(trace => weights[trace])];
    }

    private double AdamStep(TrainingSequence[] traces, LossNormalisation normalisation)
    {
        Parameters after = score.Parameters.Clone();
        var options = new TrainingOptions
        {
            LearningRate = new LearningRateSchedule { Peak = (float)settings.Trainer.LearningRate, WarmUp = 0, Decay = LearningRateDecay.None },
            AdamW = new AdamWOptions { WeightDecay = (float)settings.Trainer.WeightDecay, Clip = (float)settings.Trainer.Clip },
            Normalisation = normalisation,
            Threads = threads,
        };
        Trainer.Fit(after, [new TrainingBatch(traces)], 1, options);
        return Direction.Cosine(Difference(after, score.Parameters), ideal);
    }

    public static double[] Difference(Parameters after, Parameters before) =>
        [.. after.Values.Zip(before.Values, (now, then) => (double)now - then)];
}
