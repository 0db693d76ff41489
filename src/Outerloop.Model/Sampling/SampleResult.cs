using System.Runtime.InteropServices;

namespace Outerloop.Model.Sampling;

/// <summary>Why a trace ends.</summary>
public enum FinishReason
{
    /// <summary>The model gave the stop token or a stop sequence.</summary>
    Stop,

    /// <summary>The request's token limit or the model's longest sequence was reached.</summary>
    Length,

    /// <summary>The request was cancelled.</summary>
    Cancelled,
}

/// <summary>One sampled trace.</summary>
/// <param name="Id">The request's.</param>
/// <param name="Tokens">The trace without its prompt; ends with the stop token or sequence where <paramref name="Finish"/> says so.</param>
/// <param name="LogProbs">ln p of each token under the model, that is, at temperature 1 and unfiltered.</param>
/// <param name="SamplingLogProbs">ln p of each token in the distribution that it was drawn from; 0 when greedy.</param>
/// <param name="Finish">Why the trace ends.</param>
public sealed record SampleResult(int Id, int[] Tokens, float[] LogProbs, float[] SamplingLogProbs, FinishReason Finish)
{
    /// <summary>How many tokens at the end of the trace are the stop token or sequence; 0 where it ended otherwise.</summary>
    public int StopLength { get; init; }
}

/// <summary>One token of a trace, as soon as it is drawn.</summary>
/// <param name="Token">The id.</param>
/// <param name="LogProb">ln p under the model, that is, at temperature 1 and unfiltered.</param>
/// <param name="SamplingLogProb">ln p in the distribution that it was drawn from; 0 when greedy.</param>
/// <param name="Finish">Of the last token why the trace ends there; null before it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SampledToken(int Token, float LogProb, float SamplingLogProb, FinishReason? Finish);
