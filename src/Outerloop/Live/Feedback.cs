namespace Outerloop.Live;

/// <summary>What a user says of an answer. Kept for ever; of several verdicts on an answer the last one counts.</summary>
/// <param name="Accepted">The user's verdict.</param>
public sealed record Feedback(AnswerId Answer, bool Accepted)
{
    /// <summary>The answer that there should have been.</summary>
    public string? Correction { get; init; }

    public string? Comment { get; init; }

    /// <summary>The name of the API key that it came with; null where the gateway has none.</summary>
    public string? Key { get; init; }
}

/// <summary>Feedback on an answer that was not given.</summary>
public sealed class UnknownAnswerException(AnswerId answer) : Exception($"no answer {answer.Choice} of a completion '{answer.Completion}' was given here");
