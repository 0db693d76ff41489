using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Training;

/// <summary>
/// Trains all parameters by AdamW on a stream of batches: a fixed set for fine-tuning (<see cref="TrainingSet"/>), an
/// endless generator for pre-training.
/// </summary>
/// <remarks>
/// A batch is split into a fixed number of micro-batches. A worker takes a micro-batch, sequence by sequence, through the
/// whole network forward and backward into the micro-batch's own gradient; these are added up in fixed order. So a seed
/// gives the same bytes whatever the number of threads, and threads meet three times a step, not once per operation.
/// </remarks>
public sealed class Trainer
{
    private readonly KernelSet _kernels;
    private readonly TrainingOptions _options;
    private readonly Workers _workers;
    private readonly DecoderWeights _weights;
    private readonly DecoderWorkspace[] _workspaces;
    private readonly FloatBuffer[] _gradients;
    private readonly double[] _losses;
    private readonly Optimiser _optimiser;

    private Trainer(Parameters parameters, TrainingOptions options, KernelSet kernels)
    {
        if (options.Threads < 1 || options.MicroBatches < 1)
            throw new ArgumentException("training wants at least one thread and one micro-batch", nameof(options));
        _kernels = kernels;
        _options = options;
        _workers = new Workers(Math.Min(options.Threads, options.MicroBatches));
        _weights = new DecoderWeights(parameters, training: true, kernels.Format);
        _workspaces = [.. Enumerable.Range(0, _workers.Count).Select(_ => new DecoderWorkspace(parameters.Config, training: true))];
        _gradients = [.. Enumerable.Range(0, options.MicroBatches).Select(_ => new FloatBuffer(parameters.Layout.Length))];
        _losses = new double[options.MicroBatches];
        _optimiser = new Optimiser(kernels, parameters, options.AdamW);
    }

    /// <summary>Changes <paramref name="parameters"/> in place, one batch a step.</summary>
    /// <param name="parameters">The model.</param>
    /// <param name="batches">At least <paramref name="steps"/> batches; training ends early where they end.</param>
    /// <param name="steps">Optimiser steps.</param>
    /// <param name="options">Rates, loss, threads.</param>
    /// <param name="progress">Called after each step, on the calling thread.</param>
    /// <param name="cancellationToken">Looked at before each step; the parameters are then those of the last one.</param>
    public static TrainingResult Fit(
        Parameters parameters, IEnumerable<TrainingBatch> batches, int steps, TrainingOptions options,
        Action<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new Trainer(parameters, options, KernelSet.Best).Fit(batches, steps, progress, cancellationToken);

    /// <summary>
    /// The gradient of the loss of one batch in the parameters' layout, not clipped. With
    /// <see cref="LossNormalisation.SequenceSum"/> it is −(1/N) Σ weight·∇ log π(trace | prompt) over the N sequences.
    /// </summary>
    public static float[] Gradient(Parameters parameters, TrainingBatch batch, TrainingOptions options)
    {
        var trainer = new Trainer(parameters, options, KernelSet.Best);
        trainer.Accumulate(batch, CheckedTargets(batch));
        trainer._kernels.SumGradients(trainer._gradients, 0, parameters.Layout.Length);
        return trainer._gradients[0].Span.ToArray();
    }

    internal static TrainingResult Fit(
        KernelSet kernels, Parameters parameters, IEnumerable<TrainingBatch> batches, int steps, TrainingOptions options,
        Action<TrainingProgress>? progress = null) =>
        new Trainer(parameters, options, kernels).Fit(batches, steps, progress, CancellationToken.None);

    private TrainingResult Fit(
        IEnumerable<TrainingBatch> batches, int steps, Action<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var result = new TrainingResult(0, 0, 0, double.NaN);
        foreach (TrainingBatch batch in batches.Take(steps))
        {
            cancellationToken.ThrowIfCancellationRequested();
            float rate = _options.LearningRate.At(result.Steps, steps);
            long targets = CheckedTargets(batch);
            double loss = Accumulate(batch, targets) / targets;
            double norm = _optimiser.Step(_gradients, rate, _workers);
            _workers.Run(_weights.Parts, (part, _) => _weights.Update(part));
            result = new TrainingResult(
                result.Steps + 1, result.Tokens + batch.Sequences.Sum(sequence => (long)sequence.Tokens.Length),
                result.LossTokens + targets, loss);
            progress?.Invoke(new TrainingProgress(result.Steps, steps, loss, result.Tokens, norm, rate));
        }

        return result;
    }

    private static long CheckedTargets(TrainingBatch batch)
    {
        if (batch.Sequences.Count == 0 || batch.Sequences.Any(sequence => sequence.Targets < 1))
            throw new ArgumentException("a batch has sequences, and each has a token to predict", nameof(batch));
        return batch.Sequences.Sum(sequence => (long)sequence.Targets);
    }

    /// <summary>Fills the micro-batches' gradients; returns the sum of −log p over the targets.</summary>
    private double Accumulate(TrainingBatch batch, long targets)
    {
        float divisor = _options.Normalisation == LossNormalisation.TokenMean ? targets : batch.Sequences.Count;
        List<int>[] parts = MicroBatches.Split(batch.Sequences, _options.MicroBatches);
        _workers.Run(parts.Length, (part, worker) =>
        {
            _gradients[part].Span.Clear();
            _losses[part] = 0;
            foreach (int index in parts[part])
                _losses[part] += Accumulate(batch.Sequences[index], divisor, _workspaces[worker], _gradients[part]);
        });
        return _losses.Sum();
    }

    private double Accumulate(TrainingSequence sequence, float divisor, DecoderWorkspace workspace, FloatBuffer gradient)
    {
        workspace.Reserve(sequence.Tokens.Length);
        Span<float> weights = workspace.TargetWeights.AsSpan(0, sequence.Targets);
        Span<float> logProbabilities = workspace.LogProbabilities.AsSpan(0, sequence.Targets);
        weights.Fill(sequence.Weight / divisor);
        SequenceGradient.Accumulate(
            _kernels, _weights, workspace, sequence.Tokens, sequence.FirstTarget, weights, logProbabilities, gradient);
        double loss = 0;
        foreach (float logProbability in logProbabilities)
            loss -= logProbability;
        return loss;
    }
}
