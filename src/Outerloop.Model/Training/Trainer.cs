using System.Collections.Immutable;
using Outerloop.Model.Adapters;
using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Training;

/// <summary>
/// Trains by AdamW on a stream of batches: a fixed set for fine-tuning (<see cref="TrainingSet"/>), an endless generator
/// for pre-training. Either all parameters are trained, or an adapter on frozen ones.
/// </summary>
/// <remarks>
/// A batch is split into a fixed number of micro-batches. A worker takes a micro-batch, sequence by sequence, through the
/// whole network forward and backward into the micro-batch's own gradient; these are added up in fixed order. So a seed
/// gives the same bytes whatever the number of threads, and threads meet three times a step, not once per operation. A
/// batch of any size needs the memory of one sequence per worker and one gradient per micro-batch.
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
    private readonly TrainingState? _state;

    private Trainer(Parameters parameters, Adapter? adapter, TrainingOptions options, KernelSet kernels)
    {
        if (options.Threads < 1 || options.MicroBatches < 1)
            throw new ArgumentException("training wants at least one thread and one micro-batch", nameof(options));
        (ImmutableArray<TensorSlot> slots, float[] trained) = adapter is null
            ? (parameters.Layout.Slots, parameters.Values)
            : (adapter.Layout.Slots, adapter.Values);
        _kernels = kernels;
        _options = options;
        _workers = new Workers(Math.Min(options.Threads, options.MicroBatches));
        _weights = new DecoderWeights(parameters, training: true, adapter, kernels.Format);
        _workspaces = [.. Enumerable.Range(0, _workers.Count).Select(_ => new DecoderWorkspace(parameters.Config, training: true))];
        _gradients = [.. Enumerable.Range(0, options.MicroBatches).Select(_ => new FloatBuffer(trained.Length))];
        _losses = new double[options.MicroBatches];
        _optimiser = new Optimiser(kernels, slots, trained, options.AdamW);
        _state = options.Checkpoints is { } place ? new TrainingState(place, slots, trained, _optimiser) : null;
    }

    /// <summary>Changes <paramref name="parameters"/> in place, one batch a step.</summary>
    /// <param name="parameters">The model.</param>
    /// <param name="batches">At least <paramref name="steps"/> batches; training ends early where they end.</param>
    /// <param name="steps">Optimiser steps.</param>
    /// <param name="options">Rates, loss, threads.</param>
    /// <param name="progress">
    /// Called after each step, on the calling thread, before the step can enter the state of an unfinished training: what is
    /// kept of the steps there is never behind the state.
    /// </param>
    /// <param name="cancellationToken">
    /// Looked at before each step; the parameters are then those of the last one, and so is the state in
    /// <see cref="TrainingOptions.Checkpoints"/>.
    /// </param>
    /// <exception cref="Checkpoints.CheckpointException">The state cannot be written, or is not one of this training.</exception>
    public static TrainingResult Fit(
        Parameters parameters, IEnumerable<TrainingBatch> batches, int steps, TrainingOptions options,
        Action<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new Trainer(parameters, adapter: null, options, KernelSet.Best).Fit(batches, steps, progress, cancellationToken);

    /// <summary>The same for the adapter; the base stays as it is.</summary>
    /// <inheritdoc cref="Fit(Parameters, IEnumerable{TrainingBatch}, int, TrainingOptions, Action{TrainingProgress}, CancellationToken)"/>
    public static TrainingResult Fit(
        AdaptedModel model, IEnumerable<TrainingBatch> batches, int steps, TrainingOptions options,
        Action<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new Trainer(model.Base, model.Adapter, options, KernelSet.Best).Fit(batches, steps, progress, cancellationToken);

    /// <summary>
    /// The gradient of the loss of one batch in the parameters' layout, not clipped, computed in float. With
    /// <see cref="LossNormalisation.SequenceSum"/> it is −(1/N) Σ weight·∇ log π(trace | prompt) over the N sequences.
    /// </summary>
    public static float[] Gradient(Parameters parameters, TrainingBatch batch, TrainingOptions options)
    {
        var trainer = new Trainer(parameters, adapter: null, options, KernelSet.BestInFloat);
        trainer.Accumulate(batch, CheckedTargets(batch), step: 0);
        trainer._kernels.SumGradients(trainer._gradients, 0, parameters.Layout.Length);
        return trainer._gradients[0].Span.ToArray();
    }

    internal static TrainingResult Fit(
        KernelSet kernels, Parameters parameters, IEnumerable<TrainingBatch> batches, int steps, TrainingOptions options,
        Action<TrainingProgress>? progress = null) =>
        new Trainer(parameters, adapter: null, options, kernels).Fit(batches, steps, progress, CancellationToken.None);

    private TrainingResult Fit(
        IEnumerable<TrainingBatch> batches, int steps, Action<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        TrainingTotals totals = Resume();
        foreach (TrainingBatch batch in batches.Skip(totals.Steps).Take(steps - totals.Steps))
        {
            if (cancellationToken.IsCancellationRequested)
                _state?.Write(totals);
            cancellationToken.ThrowIfCancellationRequested();
            float rate = _options.LearningRate.At(totals.Steps, steps);
            long targets = CheckedTargets(batch);
            double loss = Accumulate(batch, targets, totals.Steps) / targets;
            double norm = _optimiser.Step(_gradients, rate, _workers);
            UpdateWeights();
            totals = totals.After(batch, targets, loss, steps);
            progress?.Invoke(new TrainingProgress(totals.Steps, steps, loss, totals.Tokens, norm, rate));
            _state?.WriteWhenDue(totals);
        }

        return totals.Result;
    }

    private TrainingTotals Resume()
    {
        TrainingTotals totals = _state?.Restore() ?? TrainingTotals.None;
        if (totals.Steps > 0)
            UpdateWeights();
        return totals;
    }

    private void UpdateWeights() => _workers.Run(_weights.Parts, (part, _) => _weights.Update(part));

    private static long CheckedTargets(TrainingBatch batch)
    {
        if (batch.Sequences.Count == 0 || batch.Sequences.Any(sequence => sequence.Targets < 1))
            throw new ArgumentException("a batch has sequences, and each has a token to predict", nameof(batch));
        return batch.Sequences.Sum(sequence => (long)sequence.Targets);
    }

    /// <summary>Fills the micro-batches' gradients; returns the sum of −log p over the targets.</summary>
    private double Accumulate(TrainingBatch batch, long targets, int step)
    {
        ulong key = SplitMix64.Mix(_options.Seed ^ SplitMix64.Mix((ulong)step + 1));
        float divisor = _options.Normalisation == LossNormalisation.TokenMean ? targets : batch.Sequences.Count;
        List<int>[] parts = MicroBatches.Split(batch.Sequences, _options.MicroBatches);
        _workers.Run(parts.Length, (part, worker) =>
        {
            _gradients[part].Span.Clear();
            _losses[part] = 0;
            foreach (int index in parts[part])
            {
                _workspaces[worker].Adapter.DropoutKey = SplitMix64.Mix(key + (ulong)index);
                _losses[part] += Accumulate(batch.Sequences[index], divisor, _workspaces[worker], _gradients[part]);
            }
        });
        return _losses.Sum();
    }

    private double Accumulate(TrainingSequence sequence, float divisor, DecoderWorkspace workspace, FloatBuffer gradient)
    {
        workspace.Reserve(sequence.Tokens.Length);
        Span<float> weights = workspace.TargetWeights.AsSpan(0, sequence.Targets);
        Span<float> logProbabilities = workspace.LogProbabilities.AsSpan(0, sequence.Targets);
        weights.Fill(sequence.Weight / divisor);
        TargetWeighting? weigh = _options.Objective is { } objective
            ? (current, chosen) => Weigh(objective, sequence, divisor, current, chosen)
            : null;
        SequenceGradient.Accumulate(
            _kernels, _weights, workspace, sequence.Tokens, sequence.FirstTarget, weights, logProbabilities, gradient, weigh);
        double loss = 0;
        foreach (float logProbability in logProbabilities)
            loss -= logProbability;
        return loss;
    }

    private static void Weigh(
        ITraceObjective objective, TrainingSequence sequence, float divisor, ReadOnlySpan<float> logProbabilities, Span<float> weights)
    {
        objective.Weigh(sequence, logProbabilities, weights);
        foreach (ref float weight in weights)
            weight /= divisor;
    }
}
