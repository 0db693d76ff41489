namespace Outerloop.Model.Training;

/// <summary>
/// A prompt and its trace. The loss is on the trace only: the targets are the tokens from <paramref name="PromptLength"/>
/// on (from the second token on when there is no prompt).
/// </summary>
/// <param name="Tokens">Prompt, then trace; at least two tokens.</param>
/// <param name="PromptLength">Number of tokens without loss.</param>
/// <param name="Weight">Factor of the sequence's loss; negative makes the trace less likely.</param>
public sealed record TrainingSequence(int[] Tokens, int PromptLength, float Weight = 1f)
{
    /// <summary>Index of the first token that is a target.</summary>
    public int FirstTarget => Math.Max(1, PromptLength);

    /// <summary>
    /// [<see cref="Targets"/>] Log-probability of each target under the policy that sampled the trace, for objectives that
    /// compare with it.
    /// </summary>
    public float[]? BehaviourLogProbabilities { get; init; }

    internal float[] RequiredBehaviour =>
        BehaviourLogProbabilities is { } known && known.Length == Targets
            ? known
            : throw new InvalidOperationException("the objective wants the log-probabilities of each target under the policy that sampled the trace");

    /// <summary>Number of tokens with loss.</summary>
    public int Targets => Tokens.Length - FirstTarget;
}

/// <summary>The sequences of one optimiser step.</summary>
public sealed record TrainingBatch(IReadOnlyList<TrainingSequence> Sequences);
