namespace Outerloop.Policies.Servers;

internal enum AttemptKind
{
    Answered,

    /// <summary>The prompt leaves no room in the model's context: the model's doing, a truncation.</summary>
    NoRoom,

    /// <summary>429: the server works, and wants to be asked later.</summary>
    Busy,

    /// <summary>5xx, a reset, a time-out, or a reply that is no answer: it may pass.</summary>
    Broken,

    /// <summary>Another 4xx: asking again would change nothing.</summary>
    Refused,
}

/// <summary>What came of sending a request once.</summary>
/// <param name="Error">In words, where nothing was answered.</param>
/// <param name="RetryAfter">How long the server wants to be left alone.</param>
internal sealed record Attempt(AttemptKind Kind, ChatReply? Reply = null, string Error = "", TimeSpan? RetryAfter = null)
{
    /// <summary>Between question and answer.</summary>
    public double Seconds { get; init; }

    /// <summary>Who answered, as far as it says: <c>vllm 0.11.0, fingerprint fp_1</c>; null if it says nothing.</summary>
    public string? Server { get; init; }

    public bool MayPass => Kind is AttemptKind.Busy or AttemptKind.Broken;
}
