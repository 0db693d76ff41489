namespace Outerloop.Model.Training;

/// <summary>AdamW (Loshchilov and Hutter, 2019) and the clipping of the gradient before it.</summary>
public sealed record AdamWOptions
{
    public float Beta1 { get; init; } = 0.9f;

    public float Beta2 { get; init; } = 0.98f;

    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>Of matrices; the weights of norms do not decay.</summary>
    public float WeightDecay { get; init; } = 0.01f;

    /// <summary>Largest Euclidean norm of the gradient; infinity leaves it as it is.</summary>
    public float Clip { get; init; } = 1f;
}

/// <summary>What the loss of a batch is divided by.</summary>
public enum LossNormalisation
{
    /// <summary>The batch's target tokens: each token counts the same.</summary>
    TokenMean,

    /// <summary>The batch's sequences: each counts with the sum of its tokens, as a trace's log-likelihood does.</summary>
    SequenceSum,
}

public sealed record TrainingOptions
{
    public required LearningRateSchedule LearningRate { get; init; }

    public AdamWOptions AdamW { get; init; } = new();

    public LossNormalisation Normalisation { get; init; } = LossNormalisation.TokenMean;

    /// <summary>How a trace's tokens are weighed; null gives each the sequence's weight.</summary>
    public ITraceObjective? Objective { get; init; }

    /// <summary>Threads at work. The result does not depend on it, bit for bit.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Parts of a batch that can be worked on at the same time, each with a gradient of its own. The result depends on it in
    /// the last bits; so it does not follow the number of threads.
    /// </summary>
    public int MicroBatches { get; init; } = 4;

    /// <summary>Drives the dropout of an adapter; nothing else in a training is random.</summary>
    public ulong Seed { get; init; }

    /// <summary>Where an unfinished training is kept and found again; null keeps nothing.</summary>
    public TrainingCheckpoints? Checkpoints { get; init; }
}

/// <summary>One optimiser step, as told to the progress callback.</summary>
/// <param name="Step">Counted from 1.</param>
/// <param name="Steps">Steps of the whole training.</param>
/// <param name="Loss">Mean of −log p over the batch's targets, without weights.</param>
/// <param name="Tokens">Tokens processed so far, prompts included.</param>
/// <param name="GradientNorm">Before clipping.</param>
/// <param name="LearningRate">Of this step.</param>
public sealed record TrainingProgress(
    int Step, int Steps, double Loss, long Tokens, double GradientNorm, float LearningRate);

/// <param name="Steps">Optimiser steps done.</param>
/// <param name="Tokens">Tokens processed, prompts included.</param>
/// <param name="LossTokens">Targets among them.</param>
/// <param name="FinalLoss">Loss of the last step; NaN if there was none.</param>
/// <param name="RecentLoss">Mean loss of the last tenth of the steps, for a single batch says little; NaN if there was none.</param>
public sealed record TrainingResult(int Steps, long Tokens, long LossTokens, double FinalLoss, double RecentLoss);
